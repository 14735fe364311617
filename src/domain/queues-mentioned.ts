import { looksLikeAQueue, wordsOfName } from './alarm-words.ts';
import { type MessageWord, messageTokens, type QueueAddress } from './message-tokens.ts';
import { type Mention, nameIndex } from './name-index.ts';
import type { Queue } from './queue.ts';
import { namesOf, queuesNamed } from './queue-reference.ts';

/** `isCertain`: its card can be posted without first asking whether this queue is meant. */
export type Mentioned = { queues: Queue[]; isCertain: boolean };

/**
 * The listed queues that a message mentions: first by ARN, queue URL or console link, then by name or alias, each in
 * order of appearance. Names inside of longer ones, as in an alarm called `orders-dlq-not-empty`, count only if no full
 * name appears; the longest wins. A queue is certain if its full name appears; by an alias or an alarm only if nothing
 * else in the message looks like a queue.
 */
export function queuesMentioned(texts: readonly string[], queues: readonly Queue[]): Mentioned {
  const { addresses, words } = messageTokens(texts);
  const addressed = addresses.flatMap((address) => queuesNamed(address, queues));
  const strays = addresses.filter((address) => queuesNamed(address, queues).length === 0);
  const nameable = queues.filter(({ name }) => !strays.some((stray) => nameOf(stray) === name));
  const { mentions, strangers, spelled } = mentionsIn(words, nameable);
  const isAnyInFull = addressed.length > 0 || mentions.some(({ how }) => how === 'in-full');
  const counting = isAnyInFull ? mentions.filter(({ how }) => how !== 'alarm' && how !== 'part') : mentions;
  const clues = cluesIn(texts.join('\n'), spelled, addressed);
  const named = counting.flatMap((mention) => narrowed(mention.queues, clues));
  const found = withoutTwins([...addressed, ...named]);
  const isAlone = strays.length === 0 && strangers === 0 && mentions.every(({ how }) => how !== 'part');
  return { queues: found, isCertain: found.length === 1 && (isAnyInFull || isAlone) };
}

/** An address says that the message means a queue of this name elsewhere, which is not in the settings. */
function nameOf(address: QueueAddress): string {
  return address.kind === 'arn' ? address.arn.name : address.name;
}

/** `strangers`: how many words look like other queues. `spelled`: all words. */
function mentionsIn(words: readonly MessageWord[], queues: readonly Queue[]) {
  const names = nameIndex(queues);
  const said = words.flatMap(({ whole, parts }) => (names.exactly(whole) ? [whole] : parts));
  const spelled = new Set(said);
  const mentions: Mention[] = [];
  let strangers = 0;
  const dimensions = queueNamesIn(said);
  for (const word of spelled) {
    const found = names.in(word);
    mentions.push(...found);
    const isStranger = dimensions.has(word) || looksLikeAQueue(wordsOfName(word));
    if (found.length === 0 && isStranger) strangers++;
  }
  return { mentions, strangers, spelled };
}

/** The `QueueName` of an alarm, in a sentence or as a name and a value in either order. */
function queueNamesIn(said: readonly string[]): Set<string> {
  const values = said.flatMap((word, i) => {
    if (word !== 'QueueName') return [];
    if (said[i - 1] === 'name' && said[i - 3] === 'value') return [said[i - 2]];
    return [said[i + 1] === 'value' ? said[i + 2] : said[i + 1]];
  });
  return new Set(values.filter((value) => value !== undefined));
}

/** How to choose between queues of the same name; the first that decides wins. */
function cluesIn(text: string, spelled: ReadonlySet<string>, addressed: readonly Queue[]) {
  const isSaid = new Map<string, boolean>();
  const says = (what: string) => {
    const known = isSaid.get(what) ?? text.includes(what);
    isSaid.set(what, known);
    return known;
  };
  return [
    (queue: Queue) => addressed.includes(queue),
    (queue: Queue) => namesOf(queue).some((name) => spelled.has(name)),
    ({ accountId }: Queue) => says(accountId),
    ({ region }: Queue) => says(region),
  ];
}

function narrowed(group: readonly Queue[], clues: readonly ((queue: Queue) => boolean)[]): readonly Queue[] {
  if (group.length < 2) return group;
  return clues.reduce((left, clue) => (left.some(clue) ? left.filter(clue) : left), group);
}

function withoutTwins(queues: readonly Queue[]): Queue[] {
  return [...new Map(queues.map((queue) => [queue.arn, queue])).values()];
}
