import type { Queue } from '../../domain/queue.ts';
import { codeSpan, cut, escaped, visible } from '../text.ts';
import type { OverviewItem } from './overview-rows.ts';

/** As many characters of names can stand below what matters without hiding it. */
const roomBelowTheRest = 600;
/** Long lists are cut into pieces, for a page to hold some of them. */
const roomInPiece = 1_000;

/** The names of the empty queues by account: below the rest when they are few, else on pages of their own. */
export function emptyQueueItems(queues: readonly Queue[]): OverviewItem[] {
  const pieces = byAccount(queues).flatMap(piecesOf);
  const isLong = pieces.reduce((sum, { words }) => sum + words.length, 0) > roomBelowTheRest;
  return pieces.map((piece, i) => ({ ...piece, ...(isLong && i === 0 && { isUnfolded: true }) }));
}

function byAccount(queues: readonly Queue[]): Queue[][] {
  const accounts = Map.groupBy(queues, ({ account }) => account.id);
  return [...accounts.values()].sort(([a], [b]) =>
    (a?.account.label ?? '').localeCompare(b?.account.label ?? '', 'en', { numeric: true }),
  );
}

function piecesOf(ofAccount: Queue[]): OverviewItem[] {
  const pieces: { words: string; small: string }[] = [];
  for (const { alias, account } of ofAccount) {
    const [name, plain] = [codeSpan(alias, 100), cut(visible(alias), 80)];
    const piece = pieces.at(-1);
    if (piece && piece.words.length + name.length < roomInPiece) {
      piece.words += `, ${name}`;
      piece.small += `, ${plain}`;
    } else {
      const begin = `📭 Empty in ${account.label}: `;
      pieces.push({ words: `${escaped(begin)}${name}`, small: `${begin}${plain}` });
    }
  }
  return pieces;
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
