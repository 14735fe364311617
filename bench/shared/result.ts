/** `quick` proves in a few seconds that a bench runs and yields its figures; the figures themselves mean little. */
export type Scale = 'full' | 'quick';

type Table = { caption: string; head: string[]; rows: string[][] };

/** What a bench found, for people (tables) and for programs (figures). */
export type BenchResult = { title: string; tables: Table[]; figures: Record<string, unknown> };

export type Bench = (scale: Scale) => Promise<BenchResult>;

/** `machine`: what it ran on, in one line. */
export function inMarkdown({ title, tables }: BenchResult, machine: string): string {
  const parts = tables.map(({ caption, head, rows }) => {
    const lines = [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows];
    return `${caption}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
  });
  return [`# ${title}\n`, `${machine}\n`, ...parts].join('\n');
}
