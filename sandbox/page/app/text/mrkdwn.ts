/**
 * Slack's mrkdwn as a tree. Slack escapes `&`, `<` and `>`; only text between raw angle brackets is special.
 */

export type Inline =
  | { is: 'text'; text: string }
  | { is: 'bold' | 'italic' | 'strike'; inside: Inline[] }
  | { is: 'code'; text: string }
  | { is: 'emoji'; name: string }
  | { is: 'link'; url: string; label: string }
  | { is: 'user' | 'channel' | 'group'; id: string; label?: string }
  | { is: 'broadcast'; to: string }
  | { is: 'date'; timestamp: number; format: string; url?: string; fallback: string };

export type Part =
  | { is: 'lines'; inside: Inline[] }
  | { is: 'quote'; inside: Inline[] }
  | { is: 'preformatted'; text: string };

const wraps = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

const inlinePattern = new RegExp(
  [
    '`(?<code>[^`\\n]+)`',
    '<(?<special>[^<>\\n]+)>',
    '(?<url>https?://(?:(?!&[lg]t;)[^\\s<>|])*(?!&[lg]t;)[^\\s<>|.,;:!?)\\]\'"])',
    ":(?<emoji>[a-z0-9_+\\-']+):",
    '(?<![\\p{L}\\p{N}])(?<mark>[*_~])(?<wrapped>\\S(?:[^\\n]*?\\S)?)\\k<mark>(?![\\p{L}\\p{N}])',
  ].join('|'),
  'gu',
);

export function parseMrkdwn(text: string): Part[] {
  return text.split(/(```[\s\S]+?```)/).flatMap((piece): Part[] => {
    const preformatted = /^```\n?([\s\S]+?)\n?```$/.exec(piece)?.[1];
    if (preformatted !== undefined) return [{ is: 'preformatted', text: unescapeText(preformatted) }];
    return piece.trim() === '' ? [] : parseLines(piece.replace(/^\n|\n$/g, ''));
  });
}

function parseLines(text: string): Part[] {
  const parts: { is: 'lines' | 'quote'; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line)?.[1];
    const is = quoted === undefined ? 'lines' : 'quote';
    const last = parts.at(-1);
    if (last?.is === is) last.lines.push(quoted ?? line);
    else parts.push({ is, lines: [quoted ?? line] });
  }
  return parts.map(({ is, lines }) => ({ is, inside: parseInline(lines.join('\n')) }));
}

function parseInline(text: string): Inline[] {
  const found: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(inlinePattern)) {
    if (match.index > from) found.push({ is: 'text', text: unescapeText(text.slice(from, match.index)) });
    found.push(inlineOf(match[0], match.groups ?? {}));
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ is: 'text', text: unescapeText(text.slice(from)) });
  return found;
}

function inlineOf(whole: string, groups: Record<string, string | undefined>): Inline {
  const { code, special, url, emoji, mark, wrapped } = groups;
  if (code !== undefined) return { is: 'code', text: unescapeText(code) };
  if (special !== undefined) return specialOf(special);
  if (url !== undefined) return { is: 'link', url: unescapeText(url), label: unescapeText(url) };
  if (emoji !== undefined) return { is: 'emoji', name: emoji };
  if ((mark === '*' || mark === '_' || mark === '~') && wrapped !== undefined) {
    return { is: wraps[mark], inside: parseInline(wrapped) };
  }
  return { is: 'text', text: unescapeText(whole) };
}

function specialOf(inside: string): Inline {
  const date = /^!date\^(\d+)\^([^^|]*)(?:\^([^|]*))?\|(.*)$/.exec(inside);
  if (date) return dateOf(date);
  const [target = '', label] = splitOnce(inside, '|');
  const named = label === undefined ? {} : { label: unescapeText(label) };
  if (target.startsWith('@')) return { is: 'user', id: target.slice(1), ...named };
  if (target.startsWith('#')) return { is: 'channel', id: target.slice(1), ...named };
  if (target.startsWith('!subteam^')) return { is: 'group', id: target.slice(9), ...named };
  if (target.startsWith('!')) return { is: 'broadcast', to: target.slice(1) };
  return { is: 'link', url: unescapeText(target), label: unescapeText(label ?? target) };
}

function dateOf([, timestamp = '0', format = '', url, fallback = '']: RegExpExecArray): Inline {
  const link = url === undefined || url === '' ? {} : { url: unescapeText(url) };
  return { is: 'date', timestamp: Number(timestamp), format, ...link, fallback: unescapeText(fallback) };
}

function splitOnce(text: string, by: string): [string, string?] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
