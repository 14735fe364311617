import { styleText } from 'node:util';
import { type Phrase, shownAs, visible } from '../../domain/wording.ts';
import { localTime } from './times.ts';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Colors text, or returns it unchanged where colors are off. */
export type Paint = (style: Style, text: string) => string;

export function paintWith(colors: boolean): Paint {
  return colors ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}

/** For short text, or text that is painted as a whole. */
export const unpainted: Paint = (_, text) => text;

/** Names stand out by color only: quotes would get in the way of copying them. */
export function sentence(said: Phrase, paint: Paint): string {
  return shownAs(said, {
    word: (text) => text,
    name: (name) => paint('cyan', visible(name)),
    person: (id) => paint('cyan', visible(id)),
    time: (ms, before) => `${before}${localTime(ms)}`,
    strong: (shown) => paint('bold', shown),
  });
}
