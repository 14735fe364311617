import { styleText } from 'node:util';
import { type Phrase, shownAs } from '../../domain/phrase.ts';
import { localTime } from './times.ts';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Puts colour on words, or leaves them as they are where nobody wants it. */
export type Paint = (style: Style, text: string) => string;

export function paintWith(colours: boolean): Paint {
  return colours ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}

/** For what is short, or painted as a whole. */
export const unpainted: Paint = (_, text) => text;

/** What comes from outside must not move the cursor, clear the screen or turn the writing around. */
export function harmless(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
}

/** Names stand out by colour alone: in a sentence for a terminal quotes would only be in the way of copying. */
export function sentence(said: Phrase, paint: Paint): string {
  return shownAs(said, {
    word: (text) => text,
    name: (name) => paint('cyan', harmless(name)),
    time: localTime,
    strong: (shown) => paint('bold', shown),
  });
}
