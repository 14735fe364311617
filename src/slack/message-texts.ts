import { isObject } from './signed-request.ts';

/**
 * The fields in which Slack keeps what a person can read or click in messages, blocks, attachments and shared emails.
 */
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
/** Fields with nested content. */
const nested = [
  ...['blocks', 'attachments', 'elements', 'fields', 'files', 'rows', 'columns'],
  ...['text', 'title', 'subtitle', 'body', 'accessory', 'label', 'alt_text', 'description'],
  // A forwarded message.
  ...['message_blocks', 'message'],
];
/** Elements that hold one line of text in pieces. */
const lines = ['rich_text_section', 'rich_text_preformatted', 'rich_text_quote'];

const deepest = 12;
const mostTexts = 1_000;

/** Every text of a message. Anyone may have written it, so anything may be missing or malformed. */
export function messageTexts(message: unknown): string[] {
  return textsIn(message, 0).slice(0, mostTexts).map(asRead);
}

function textsIn(value: unknown, depth: number): string[] {
  if (depth > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((one: unknown) => textsIn(one, depth + 1));
  if (!isObject(value)) return [];
  if (lines.includes(String(value['type']))) return linesOf(value['elements'], depth + 1);
  const own = readable.flatMap((key) => {
    const text = value[key];
    return typeof text === 'string' && isSeen(key, value) ? [text] : [];
  });
  return [...own, ...nested.flatMap((key) => textsIn(value[key], depth + 1))];
}

/**
 * Bold letters may continue a word, or begin a new one: both readings are returned. A link, an emoji, a
 * mention or code is always a word of its own.
 */
function linesOf(elements: unknown, depth: number): string[] {
  const pieces = Array.isArray(elements) ? elements : [];
  const texts = pieces.map((piece: unknown) => ({
    text: textsIn(piece, Math.max(depth, deepest)).join(' '),
    goesOn: isObject(piece) && piece['type'] === 'text' && !isCode(piece['style']),
  }));
  const together = texts.map(({ text, goesOn }) => (goesOn ? text : ` ${text} `)).join('');
  const apart = texts.map(({ text }) => text).join(' ');
  const isTheSame = texts.filter(({ goesOn }) => goesOn).length < 2;
  return isTheSame ? [together] : [together, apart];
}

function isCode(style: unknown): boolean {
  return isObject(style) && style['code'] === true;
}

/** A button's value is not visible, but `value` is also a field of attachments. The name of an emoji is not a word. */
function isSeen(key: string, { type }: Record<string, unknown>): boolean {
  if (type === 'emoji') return false;
  return key !== 'value' || type === undefined;
}

/** A Slack token: a mention, a channel, a date or a link, with or without a label. */
const token = /<([^<>|]*)(?:\|([^<>]*))?>/g;

/** An emoji in a text, such as `:mail:`. */
const emoji = /(?<![^\s]):[\w+'-]{1,100}:(?![^\s*_~])/g;

/** Slack's markup as people read it, without emoji; a link keeps its address beside its label. */
export function asRead(text: string): string {
  return unescaped(
    text
      .replace(emoji, ' ')
      .replace(token, (_, what: string, label: string | undefined) =>
        /^[@#!]/.test(what) ? (label ?? '') : `${what} ${label ?? ''}`,
      ),
  );
}

/**
 * What a person typed to the bot in a message, without the bot's mention and without the markup that Slack
 * adds. Other mentioned people and channels are not part of a command.
 */
export function asTyped(text: string, botUserId: string): string {
  const mention = new RegExp(`<@${botUserId}(?:\\|[^<>]*)?>\\s*[:,]?`, 'g');
  const plain = text
    .replaceAll(mention, ' ')
    .replace(token, (_, what: string) => (/^[@#!]/.test(what) ? ' ' : ` ${withoutScheme(what)} `))
    .replace(/[*~]/g, '')
    .replace(/```/g, '`')
    .replace(/(^|\s)_(\S(?:[^\n]{0,200}\S)?)_(?=\s|$)/gu, '$1$2');
  return unescaped(plain).replace(/\s+/gu, ' ').trim();
}

/** Slack treats a word with an `@` in it as an email address. */
function withoutScheme(address: string): string {
  return address.replace(/^(?:mailto|tel):/, '');
}

/** Slack escapes only these three. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
