import type { Queue } from './queue.ts';
import { namesOf, normalizedName } from './queue-reference.ts';

/**
 * How a word refers to queues: by a queue's full name; by what may be an ordinary word, such as an alias; as the name of
 * an alarm for the queue; or as a part of a longer name.
 */
export type Mention = { queues: readonly Queue[]; how: 'in-full' | 'ordinary-word' | 'alarm' | 'part' };

/** Two letters are part of too many words. */
const shortestHint = 3;

/** Finds listed queues by a word, in constant time. */
export function nameIndex(queues: readonly Queue[]) {
  const names = queues.flatMap((queue) => namesOf(queue).map((name) => ({ name, queue })));
  const byName = grouped(names, ({ name }) => normalizedName(name));
  // Joined: camel case does not show where a number begins, as in `Orders1DLQ` for `orders-1-dlq`.
  const byWords = grouped(names, ({ name }) => wordsOfName(name).join(''));
  const mostWords = Math.max(0, ...names.map(({ name }) => wordsOfName(name).length));

  function exactly(word: string): Mention | undefined {
    const named = byName.get(normalizedName(word));
    if (!named) return undefined;
    const isName = named.some((queue) => normalizedName(queue.name) === normalizedName(word));
    return { queues: named, how: isName && wordsOfName(word).length > 1 ? 'in-full' : 'ordinary-word' };
  }

  function inside(word: string): Mention[] {
    const words = wordsOfName(word);
    const mentions: Mention[] = [];
    for (let from = 0; from < words.length; ) {
      const to = endOfName(words, from);
      if (to !== undefined) {
        const named = byWords.get(words.slice(from, to).join('')) ?? [];
        const rest = [...words.slice(0, from), ...words.slice(to)];
        const isAlarm = named.every(({ account, region }) =>
          areOfAnAlarm(rest, [...wordsOfName(account.label), ...wordsOfName(region)]),
        );
        mentions.push({ queues: named, how: isAlarm ? 'alarm' : 'part' });
      }
      from = to ?? from + 1;
    }
    return mentions;
  }

  function endOfName(words: readonly string[], from: number): number | undefined {
    for (let to = Math.min(words.length, from + mostWords); to > from; to--) {
      const name = words.slice(from, to).join('');
      if (name.length >= shortestHint && byWords.has(name)) return to;
    }
    return undefined;
  }

  return {
    exactly,
    in(word: string): Mention[] {
      const whole = exactly(word);
      return whole ? [whole] : inside(word);
    },
  };
}

function grouped<T extends { queue: Queue }>(all: readonly T[], keyOf: (one: T) => string) {
  const groups = Map.groupBy(all, keyOf);
  return new Map([...groups].map(([key, some]) => [key, [...new Set(some.map(({ queue }) => queue))]]));
}

/** Splits a name into words: `orders-dlq`, `OrdersDLQ` and `orders_dlq` have the same two. */
export function wordsOfName(name: string): string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1$2-')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

/** Words that only an alarm adds to the name of its queue. */
const ofAlarms = new Set(
  `alarm alarms alert alerts empty nonempty notempty age depth length count message messages msgs visible oldest
  backlog backlogged growing stuck threshold exceeded breach breached monitor metric`.split(/\s+/),
);

/** Any of these makes a name an alarm's, whatever the queue. */
const alarmOnly = new Set('alarm alarms empty nonempty notempty depth visible oldest backlog'.split(' '));

/** Words that may accompany those. */
const besides = new Set(
  `not non zero has have is are in too many any of the number approximate high low critical warning warn error errors
  greater than above over size max min seconds minutes cloudwatch cw sqs aws state received sent deleted`.split(
    /\s+/,
  ),
);

/** Words about queues and alarms that name none, such as the keys of AWS's JSON, and the bot's own name. */
const ofQueuesAtLarge = new Set(
  `queue queues dlq dlqs fifo dead letter letters deadletter name url arn tasks task redrive source
  enqueue dequeue requeue description actions action configuration updated timestamp`.split(/\s+/),
);

/** The end of a word that makes a name look like a queue's, as in `orders-dlq2` and `ordersdlq`. */
const ofAQueue = /^(?:dl|sqs)$|(?:dlqs?|queue|fifo|deadletter)\d*$/;

/**
 * Whether the words around a queue's name make it the name of an alarm. Any other word may make it the name of another
 * queue, as in `old-orders-dlq` or `orders-dlq-v2`. `itsOwn`: the words of the queue's account and region.
 */
export function areOfAnAlarm(rest: readonly string[], itsOwn: readonly string[]): boolean {
  return (
    rest.some((word) => ofAlarms.has(word)) &&
    rest.every((word) => ofAlarms.has(word) || besides.has(word) || itsOwn.includes(word))
  );
}

/** Whether a name looks like that of a queue or of a queue's alarm. */
export function looksLikeAQueue(words: readonly string[]): boolean {
  const isOne = words.some(
    (word, i) => ofAQueue.test(word) || (word === 'dead' && words[i + 1] === 'letter'),
  );
  const isAlarm = words.length > 1 && words.some((word) => alarmOnly.has(word));
  return (isOne || isAlarm) && words.some((word) => !isGeneral(word));
}

function isGeneral(word: string): boolean {
  return ofAlarms.has(word) || besides.has(word) || ofQueuesAtLarge.has(word) || /^v?\p{N}+$/u.test(word);
}
