import { areOfAnAlarm, wordsOfName } from './alarm-words.ts';
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
        const isAlarm = named.every((queue) => areOfAnAlarm(rest, ownWords(queue)));
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

function ownWords({ account, region }: Queue): string[] {
  return [...wordsOfName(account.label), ...wordsOfName(region)];
}

function grouped<T extends { queue: Queue }>(all: readonly T[], keyOf: (one: T) => string) {
  const groups = Map.groupBy(all, keyOf);
  return new Map([...groups].map(([key, some]) => [key, [...new Set(some.map(({ queue }) => queue))]]));
}
