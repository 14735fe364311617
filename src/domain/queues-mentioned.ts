import type { Queue } from './queue.ts';
import {
  loosened,
  namesOf,
  parseQueueReference,
  type QueueReference,
  queuesNamed,
} from './queue-reference.ts';

/** More is no message that a person reads. */
const longestText = 100_000;
/** Two letters stand inside too many words. */
const shortestHint = 3;

const addresses =
  /arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(?:\.fifo)?|https?:\/\/[^\s/"'<>|\\]+\/\d{12}\/[\w-]{1,80}(?:\.fifo)?/gi;

/**
 * The listed queues that a message speaks of, in the order in which they come up: by ARN, queue URL or console link
 * first, then by name or alias. Only when there is none of these, a name inside a longer one counts, as in an alarm
 * called `orders-dlq-not-empty`; the longest name wins.
 */
export function queuesMentioned(texts: readonly string[], queues: readonly Queue[]): Queue[] {
  const text = decoded(texts.join('\n').slice(0, longestText));
  const references = [...text.matchAll(addresses)].flatMap(([found]) => parseQueueReference(found) ?? []);
  const addressed = references.flatMap((reference) => queuesNamed(reference, queues));
  const speltOut = withoutTwins(addressed);
  const unlisted = references.filter((reference) => queuesNamed(reference, queues).length === 0);
  const nameable = queues.filter((queue) => !unlisted.some((reference) => bearsNameOf(queue, reference)));
  const named = namesIn(text.replace(addresses, ' '), nameable);
  const meant = (those: Named[]) => those.flatMap(({ queues: group }) => narrowed(group, speltOut, text));
  const standing = meant(named.filter(({ isAlone }) => isAlone));
  if (speltOut.length > 0 || standing.length > 0) return withoutTwins([...speltOut, ...standing]);
  return withoutTwins(meant(named));
}

/** Undoes what links (`%2F`), the console's addresses (`$252F`) and JSON inside of JSON (`\n`) make of plain text. */
function decoded(text: string): string {
  const once = (coded: string) => coded.replace(/(?:%[0-9a-f]{2})+/gi, unescapedOrAsIs);
  return once(once(text.replace(/\$25([0-9a-f]{2})/gi, '%$1'))).replace(/\\+[nrt]/g, ' ');
}

function unescapedOrAsIs(coded: string): string {
  try {
    return decodeURIComponent(coded);
  } catch {
    return coded;
  }
}

/** An address says that a queue of this name elsewhere is meant, which is not listed. */
function bearsNameOf(queue: Queue, reference: QueueReference): boolean {
  if (reference.kind === 'word') return false;
  return queue.name === (reference.kind === 'arn' ? reference.arn.name : reference.name);
}

/** `isAlone`: not a part of a longer name. */
type Named = { from: number; to: number; isAlone: boolean; queues: Queue[] };

function namesIn(text: string, queues: readonly Queue[]): Named[] {
  const words = loosened(text);
  const byName = Map.groupBy(
    queues.flatMap((queue) => [...new Set(namesOf(queue).map(loosened))].map((name) => ({ name, queue }))),
    ({ name }) => name,
  );
  const found = [...byName].flatMap(([name, bearers]) =>
    occurrences(name, words).map((place) => ({ ...place, queues: bearers.map(({ queue }) => queue) })),
  );
  const longestFirst = found.sort((a, b) => a.from - b.from || b.to - a.to);
  let covered = 0;
  return longestFirst.filter(({ to }) => {
    if (to <= covered) return false;
    covered = to;
    return true;
  });
}

function occurrences(name: string, words: string): Omit<Named, 'queues'>[] {
  const places: Omit<Named, 'queues'>[] = [];
  for (let from = words.indexOf(name); from >= 0; from = words.indexOf(name, from + 1)) {
    const to = from + name.length;
    const around = [words.slice(Math.max(0, from - 2), from), words.slice(to, to + 2)] as const;
    if (goesOn(around, /[\p{L}\p{N}]$/u, /^[\p{L}\p{N}]/u)) continue;
    const isAlone = !goesOn(around, /[-_.]$/u, /^(?:[-_]|\.[\p{L}\p{N}])/u);
    if (isAlone || name.length >= shortestHint) places.push({ from, to, isAlone });
  }
  return places;
}

function goesOn([before, after]: readonly [string, string], atEnd: RegExp, atStart: RegExp): boolean {
  return atEnd.test(before) || atStart.test(after);
}

/** Which of several queues of one name is meant, as far as the rest of the message tells. */
function narrowed(group: readonly Queue[], addressed: readonly Queue[], text: string): readonly Queue[] {
  const clues: ((queue: Queue) => boolean)[] = [
    (queue) => addressed.includes(queue),
    (queue) => namesOf(queue).some((name) => text.includes(name)),
    ({ accountId }) => text.includes(accountId),
    ({ region }) => text.includes(region),
  ];
  return clues.reduce((left, clue) => (left.some(clue) ? left.filter(clue) : left), group);
}

function withoutTwins(queues: readonly Queue[]): Queue[] {
  return [...new Map(queues.map((queue) => [queue.arn, queue])).values()];
}
