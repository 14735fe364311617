import { styleText } from 'node:util';
import dayjs from 'dayjs';
import { cut, type Phrase, shownAs, visible } from '../domain/wording.ts';

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

/** `2026-11-24 04:15`, in the local time zone. */
export function localTime(ms: number): string {
  const time = dayjs(ms);
  return time.isValid() ? time.format('YYYY-MM-DD HH:mm') : 'an unknown time';
}

/** `04:15:07 +01:00`. */
export function localSecond(ms: number): string {
  return dayjs(ms).format('HH:mm:ss Z');
}

/** For machines, always UTC. undefined for an invalid time. */
export function isoTime(ms: number | undefined): string | undefined {
  const time = dayjs(ms ?? Number.NaN);
  return time.isValid() ? time.toISOString() : undefined;
}

export type Screen = {
  write(text: string): void;
  /** False for a file or a pipe. */
  isTty: boolean;
  columns: number;
};

/** One line that is redrawn on a terminal. In a file, each change is a new line. */
export function createLiveLine({ write, isTty, columns }: Screen) {
  let shown = '';
  const wipe = () => {
    if (isTty && shown !== '') write('\r\u001b[2K');
  };
  return {
    show(text: string): void {
      if (text === shown) return;
      wipe();
      shown = text;
      write(isTty ? cut(text, columns - 1) : `${text}\n`);
    },
    /** Prints a permanent line above. */
    say(line: string): void {
      wipe();
      write(`${line}\n`);
      if (isTty && shown !== '') write(cut(shown, columns - 1));
    },
    /** Erases the line, unless it should stay. */
    end(keep = false): void {
      if (keep && isTty && shown !== '') write('\n');
      else wipe();
      shown = '';
    },
  };
}
