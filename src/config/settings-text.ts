import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, parseDocument, Scalar, stringify } from 'yaml';

type Section = 'accounts' | 'queues';
/** `comment` follows the value on its line. */
export type NewEntry = { name: string; value: string | Record<string, string>; comment?: string };

const options = { stringKeys: true, uniqueKeys: false, merge: true } as const;
const unfolded = { lineWidth: 0 };

/** The entries as YAML, such as `orders-dlq: arn:… # from orders`. */
function entryLines(entries: readonly NewEntry[]): string[] {
  return entries.flatMap(({ name, value, comment }) => {
    const lines = stringify({ [name]: value }, unfolded)
      .trimEnd()
      .split('\n');
    return comment === undefined ? lines : [...lines.slice(0, -1), `${lines.at(-1)} # ${comment}`];
  });
}

export function sectionText(section: Section, entries: readonly NewEntry[]): string {
  return `${section}:\n${indented(entryLines(entries), 2).join('\n')}\n`;
}

/**
 * Adds entries at the end of a section and leaves every existing line alone: the YAML package would move comments and
 * change indentation, so it only says where the section ends. Only a section without lines of its own, such as
 * `queues: {}`, is rewritten.
 */
export function withEntries(text: string, section: Section, entries: readonly NewEntry[]): string {
  if (entries.length === 0) return text;
  const inserted = insertedInto(text, section, entries);
  return inserted !== undefined && saysTheSame(inserted, rewritten(text, section, entries))
    ? inserted
    : rewritten(text, section, entries);
}

function insertedInto(text: string, section: Section, entries: readonly NewEntry[]): string | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const document = parseDocument(text, options);
  const map = document.get(section, true);
  if (map === undefined && isMap(document.contents) && !document.contents.flow) {
    const gap = text === '' || text.endsWith('\n') ? '' : eol;
    return `${text}${gap}${sectionText(section, entries).replaceAll('\n', eol)}`;
  }
  if (!isMap(map) || map.flow || map.items.length === 0 || !map.range) return undefined;
  const [start, end] = map.range;
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1);
  const at = endOfLine(text, end);
  const gap = text.slice(0, at).endsWith('\n') ? '' : eol;
  const lines = indented(entryLines(entries), indent).map((line) => `${line}${eol}`);
  return `${text.slice(0, at)}${gap}${lines.join('')}${text.slice(at)}`;
}

/** A map's range ends after its last value, which may be followed by a comment. */
function endOfLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const next = text.indexOf('\n', offset);
  return next < 0 ? text.length : next + 1;
}

function rewritten(text: string, section: Section, entries: readonly NewEntry[]): string {
  const document = parseDocument(text, options);
  const map = document.get(section, true);
  if (isMap(map)) map.flow = false;
  else if (map === undefined || (isScalar(map) && map.value === null)) {
    document.set(section, document.createNode({}));
  }
  for (const { name, value, comment } of entries) {
    const node = document.createNode(value);
    if (comment !== undefined && node instanceof Scalar) node.comment = ` ${comment}`;
    document.setIn([section, name], node);
  }
  return document.toString(unfolded);
}

function saysTheSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => parseDocument(text, options));
  return a !== undefined && a.errors.length === 0 && isDeepStrictEqual(a.toJS(), b?.toJS());
}

function indented(lines: readonly string[], by: number): string[] {
  return lines.map((line) => `${' '.repeat(by)}${line}`);
}
