import { nameBlocks, refuseBlocks } from './block-rules.ts';
import { isRecord, type Json, parseJson } from './json.ts';
import type { PageMessage } from './page-contract.ts';
import { Refusal } from './refusal.ts';
import { randomId, type Workspace } from './workspace.ts';

/** The content of a message according to a request; undefined where the request says nothing. */
export type Content = {
  text: string | undefined;
  blocks: unknown[] | undefined;
  attachments: unknown[] | undefined;
  /** null removes it. */
  metadata: PageMessage['metadata'] | null | undefined;
};

const longestMetadata = 8_000;

/** Reads and checks text, blocks and the rest, whether they are JSON or JSON inside a form body. */
export function readContent(args: Json, workspace: Workspace, longestText: number): Content {
  const text = args['text'] === undefined || args['text'] === null ? undefined : String(args['text']);
  if (text !== undefined && text.length > longestText) throw new Refusal('msg_too_long');
  const blocks = listIn(args['blocks'], 'invalid_blocks_format');
  if (blocks) checkBlocks(blocks, workspace);
  return {
    text,
    blocks: blocks && nameBlocks(blocks, () => randomId(3)),
    attachments: listIn(args['attachments'], 'invalid_attachments'),
    metadata: metadataIn(args['metadata']),
  };
}

export function isEmpty(content: Content): boolean {
  return !content.text && !content.blocks?.length && !content.attachments?.length;
}

function checkBlocks(blocks: unknown[], workspace: Workspace): void {
  const types = blocks.map((block) => (isRecord(block) ? block['type'] : undefined));
  const rejected = workspace.faults.strike(['rejected-block'], 'blocks', {}, (fault) =>
    types.includes(fault.blockType),
  );
  const refusal = rejected
    ? { error: 'invalid_blocks', messages: [notRolledOut(rejected.blockType, types)] }
    : refuseBlocks(blocks);
  if (!refusal) return;
  const { error, messages } = refusal;
  throw new Refusal(error, messages.length > 0 ? { errors: messages, response_metadata: { messages } } : {});
}

function notRolledOut(blockType: string, types: unknown[]): string {
  return `[ERROR] unsupported type: ${blockType} [json-pointer:/blocks/${types.indexOf(blockType)}/type]`;
}

function unfold(value: unknown): unknown {
  return typeof value === 'string' ? parseJson(value) : value;
}

function listIn(value: unknown, error: string): unknown[] | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const items = unfold(value);
  if (!Array.isArray(items)) throw new Refusal(error);
  return items;
}

function metadataIn(value: unknown): Content['metadata'] {
  if (value === undefined || value === null || value === '') return undefined;
  const metadata = unfold(value);
  if (!isRecord(metadata)) throw new Refusal('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return null;
  const { event_type, event_payload } = metadata;
  if (typeof event_type !== 'string' || !isRecord(event_payload))
    throw new Refusal('invalid_metadata_format');
  if (JSON.stringify(metadata).length > longestMetadata) throw new Refusal('metadata_too_large');
  return { event_type, event_payload };
}
