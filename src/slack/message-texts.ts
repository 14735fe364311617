import { isObject } from './slack-body.ts';
import { asRead } from './typed-text.ts';

/** Where Slack keeps what a person reads, or can click on, in messages, blocks, attachments and shared e-mails. */
const readable = [
  'text',
  'url',
  'title',
  'title_link',
  'pretext',
  'fallback',
  'value',
  'footer',
  'author_name',
  'author_link',
  'from_url',
  'alt_text',
  'description',
  'name',
  'subject',
  'plain_text',
  'preview',
  'preview_plain_text',
];
/** Where more of the same stands. */
const nested = [
  ...['blocks', 'attachments', 'elements', 'fields', 'files', 'rows', 'columns'],
  ...['text', 'title', 'subtitle', 'body', 'accessory', 'label', 'alt_text', 'description'],
];

const deepest = 12;
const mostTexts = 1_000;

/** Every text of a message. It was written by anyone, so anything may be missing or of another shape. */
export function messageTexts(message: unknown): string[] {
  return textsIn(message, 0).slice(0, mostTexts).map(asRead);
}

function textsIn(value: unknown, depth: number): string[] {
  if (depth > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((one: unknown) => textsIn(one, depth + 1));
  if (!isObject(value)) return [];
  if (value['type'] === 'rich_text_section' || value['type'] === 'rich_text_preformatted') {
    return [textsIn(value['elements'], depth + 1).join('')];
  }
  const own = readable.flatMap((key) => {
    const text = value[key];
    return typeof text === 'string' && isSeen(key, value) ? [text] : [];
  });
  return [...own, ...nested.flatMap((key) => textsIn(value[key], depth + 1))];
}

/** What a button carries is not seen; `value` is in the fields of an attachment. */
function isSeen(key: string, { type }: Record<string, unknown>): boolean {
  return key !== 'value' || type === undefined;
}
