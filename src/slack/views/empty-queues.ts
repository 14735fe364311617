import type { Queue } from '../../domain/queue.ts';
import { codeSpan, escaped } from '../text.ts';
import type { OverviewItem } from './overview-rows.ts';

/** As many characters of names can stand below what matters without hiding it. */
const roomBelowTheRest = 600;
/** Long lists are cut into pieces, for a page to hold some of them. */
const roomInPiece = 1_000;

/** The names of the empty queues by account: below the rest when they are few, else on pages of their own. */
export function emptyQueueItems(queues: readonly Queue[]): OverviewItem[] {
  const lines = byAccount(queues).flatMap(([first, ...others]) =>
    first ? linesOf(first.account.label, [first, ...others]) : [],
  );
  const isLong = lines.reduce((sum, line) => sum + line.length, 0) > roomBelowTheRest;
  return lines.map((words, i) => ({ words, ...(isLong && i === 0 && { isUnfolded: true }) }));
}

function byAccount(queues: readonly Queue[]): Queue[][] {
  const accounts = Map.groupBy(queues, ({ account }) => account.id);
  return [...accounts.values()].sort(([a], [b]) =>
    (a?.account.label ?? '').localeCompare(b?.account.label ?? '', 'en', { numeric: true }),
  );
}

function linesOf(label: string, queues: Queue[]): string[] {
  const lines: string[] = [];
  for (const { alias } of queues) {
    const name = codeSpan(alias, 100);
    const line = lines.at(-1);
    if (line !== undefined && line.length + name.length < roomInPiece) {
      lines[lines.length - 1] = `${line}, ${name}`;
    } else lines.push(`📭 Empty in ${escaped(label)}: ${name}`);
  }
  return lines;
}

/** Names up to a length that can be read at a glance, and how many more there are. */
export function someNames(queues: readonly Queue[], atMost = 250): string {
  const names = queues.map(({ alias }) => codeSpan(alias, 100));
  let length = 0;
  const fitting = names.filter((name, i) => {
    length += name.length + 2;
    return i === 0 || length <= atMost;
  });
  const more = names.length - fitting.length;
  return `${fitting.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
