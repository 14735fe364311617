import { inModal, refuseBlocks } from './block-rules.ts';
import { plainText } from './element-rules.ts';
import { isRecord, type Json, parseJson, textOf } from './json.ts';
import type { ModalView } from './modals.ts';
import { missingArgument, Refusal } from './refusal.ts';
import { anything, complaint, flag, shape, upTo } from './rules.ts';

const modal = shape(
  { title: plainText(24), blocks: anything },
  {
    submit: plainText(24),
    close: plainText(24),
    private_metadata: upTo(3_000, 0),
    callback_id: upTo(255, 0),
    external_id: upTo(255, 0),
    clear_on_close: flag,
    notify_on_close: flag,
  },
);

/** Reads a form as Slack does, from JSON or from JSON inside a form body; throws a Refusal. */
export function readModal(given: unknown): ModalView {
  if (given === undefined) throw missingArgument('view');
  const view = typeof given === 'string' ? parseJson(given) : given;
  if (!isRecord(view) || view['type'] !== 'modal' || !Array.isArray(view['blocks'])) {
    throw invalidArguments(complaint('a modal with blocks is needed', '/view'));
  }
  const blocks: unknown[] = view['blocks'];
  if (JSON.stringify(view).length > inModal.longest) throw new Refusal('view_too_large');
  const messages = [
    ...modal(view, '/view'),
    ...(refuseBlocks(blocks, inModal)?.messages ?? []),
    ...unsubmittable(view, blocks),
  ];
  if (messages.length > 0) throw invalidArguments(messages);
  return {
    type: 'modal',
    title: view['title'],
    submit: view['submit'] ?? null,
    close: view['close'] ?? null,
    blocks,
    private_metadata: textOf(view['private_metadata']) ?? '',
    callback_id: textOf(view['callback_id']) ?? '',
    external_id: textOf(view['external_id']) ?? '',
    clear_on_close: view['clear_on_close'] === true,
    notify_on_close: view['notify_on_close'] === true,
  };
}

function unsubmittable(view: Json, blocks: unknown[]): string[] {
  const first = blocks.findIndex((block) => isRecord(block) && block['type'] === 'input');
  if (first < 0 || view['submit'] !== undefined) return [];
  return complaint('must define `submit` to use `input` block', `/view/blocks/${first}/input`);
}

export function invalidArguments(messages: string[]): Refusal {
  return new Refusal('invalid_arguments', { response_metadata: { messages } });
}
