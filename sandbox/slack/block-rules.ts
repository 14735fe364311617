import {
  accessory,
  actionElement,
  anyText,
  contextElement,
  hasOneOf,
  image,
  plainText,
} from './element-rules.ts';
import { input } from './input-rules.ts';
import { isRecord, type Json } from './json.ts';
import { richText } from './rich-text-rules.ts';
import {
  allOf,
  anything,
  byType,
  complaint,
  flag,
  list,
  numeric,
  oneOf,
  type Rule,
  shape,
  upTo,
} from './rules.ts';

const blockId = { block_id: upTo(255) };

const section: Rule = allOf(
  shape(
    {},
    {
      ...blockId,
      text: anyText(3_000),
      fields: list(anyText(2_000), { min: 1, max: 10 }),
      accessory,
      expand: flag,
    },
  ),
  (value, at) => (hasOneOf(value, 'text', 'fields') ? [] : complaint('missing required field: text', at)),
);

const cell = byType({
  raw_text: shape({ text: upTo(10_000) }),
  raw_number: shape({ value: numeric, text: upTo(10_000) }),
  rich_text: richText,
});

const table = shape(
  { rows: list(list(cell, { min: 1, max: 20 }), { min: 1, max: 100 }) },
  {
    ...blockId,
    column_settings: list(shape({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }), {
      max: 20,
    }),
  },
);

/** Blocks that this sandbox knows only by name: their content is not checked. `alert` is for modals. */
const looselyChecked = [
  'card',
  'carousel',
  'container',
  'context_actions',
  'data_table',
  'file',
  'plan',
  'task_card',
  'video',
];

const everywhere = {
  actions: shape({ elements: list(actionElement, { min: 1, max: 25 }) }, blockId),
  context: shape({ elements: list(contextElement, { min: 1, max: 10 }) }, blockId),
  divider: shape({}, blockId),
  header: shape({ text: plainText(150) }, blockId),
  image,
  input,
  rich_text: richText,
  section,
};

const block = byType({
  ...Object.fromEntries(looselyChecked.map((type) => [type, anything])),
  ...everywhere,
  markdown: shape({ text: upTo(12_000) }, blockId),
  table,
});

/** What a modal may show: no tables, but also alerts. */
const modalBlock = byType({ ...everywhere, alert: anything, video: anything });

/** Slack does not document this limit; it was seen between 11,000 and 13,200. */
const longestBlocks = 13_000;

export type BlockRefusal = { error: string; messages: string[] };

const inMessage = { most: 50, longest: longestBlocks, kind: block, at: '/blocks' };

export const inHome = { most: 100, longest: 250_000, kind: block, at: '/view/blocks' };
export const inModal = { ...inHome, kind: modalBlock };

/** The error with which Slack would reject these blocks, if any. */
export function refuseBlocks(
  blocks: unknown[],
  { most, longest, kind, at }: typeof inMessage = inMessage,
): BlockRefusal | undefined {
  const messages = [
    ...list(kind, { max: most })(blocks, at),
    ...repeated(
      blocks.map((one) => idOf(one, 'block_id')),
      'block_id',
      at,
    ),
    ...blocks.flatMap((one, index) => repeated(actionIds(one), 'action_id', `${at}/${index}/elements`)),
  ];
  if (messages.length > 0) return { error: 'invalid_blocks', messages };
  const tables = blocks.filter((one) => isRecord(one) && one['type'] === 'table');
  if (tables.length > 1) {
    return { error: 'invalid_attachments', messages: complaint('only_one_table_allowed', at) };
  }
  if (JSON.stringify(blocks).length > longest) return { error: 'msg_blocks_too_long', messages: [] };
  return undefined;
}

/** Slack gives an id to every block and every element that has none. */
export function nameBlocks(blocks: unknown[], nextId: () => string): unknown[] {
  return blocks.map((one) => {
    if (!isRecord(one)) return one;
    const named: Json = { block_id: nextId(), ...one };
    const elements = named['elements'];
    if (one['type'] === 'actions' && Array.isArray(elements)) {
      named['elements'] = elements.map((element: unknown) => nameElement(element, nextId));
    }
    if (isRecord(named['element'])) named['element'] = nameElement(named['element'], nextId);
    if (isRecord(named['accessory'])) named['accessory'] = nameElement(named['accessory'], nextId);
    return named;
  });
}

function nameElement(element: unknown, nextId: () => string): unknown {
  return isRecord(element) && element['type'] !== 'image' ? { action_id: nextId(), ...element } : element;
}

function actionIds(one: unknown): unknown[] {
  const elements = isRecord(one) ? one['elements'] : undefined;
  return Array.isArray(elements) ? elements.map((element) => idOf(element, 'action_id')) : [];
}

function idOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function repeated(ids: unknown[], name: string, at: string): string[] {
  return ids.flatMap((id, index) =>
    id !== undefined && ids.indexOf(id) < index
      ? complaint(`\`${name}\` ${JSON.stringify(id)} already exists`, `${at}/${index}/${name}`)
      : [],
  );
}
