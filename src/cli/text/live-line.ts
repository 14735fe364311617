import { cut } from '../../domain/wording.ts';

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
