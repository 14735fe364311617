import { distance } from 'fastest-levenshtein';
import { mayBeSeenIn, parseQueueArn, type Queue, type QueueArn } from './queue.ts';

export type QueueReference =
  | { kind: 'word'; text: string; name?: never }
  | ({ kind: 'arn'; text: string } & QueueArn)
  | { kind: 'url'; text: string; accountId: string; name: string; region?: string };

const wrapping = /^[\s"'`‘’‚‛“”„‟«»‹›<>()[\]]+|[\s"'`‘’‚‛“”„‟«»‹›<>()[\],;!?…]+$/gu;
const accountAndName = /\/(\d{12})\/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)\/?$/;
const regionInHost = /(?:^|[./])([a-z]{2,}(?:-[a-z]+)+-\d+)\./;

/**
 * Removes what phones, chats and habit add to a name: white space, straight and curly quotes, backticks,
 * Slack's `<link|label>`, a final period. Dashes are normalized when names are compared.
 */
function bareReference(text: string): string {
  const link = /^[\s"'`‘’“”]*<([^|<>]+)(?:\|[^<>]*)?>/u.exec(text)?.[1];
  return (link ?? text).replace(wrapping, '').replace(/\.+$/, '');
}

/** No name, ARN or link of a queue is longer. Short input keeps the regular expressions fast. */
export const longestReference = 512;

export function parseQueueReference(typed: string): QueueReference | undefined {
  if (typed.length > longestReference) return undefined;
  const text = bareReference(typed);
  if (text === '') return undefined;
  const arn = parseQueueArn(text);
  if (arn) return { kind: 'arn', text, ...arn };
  return parseQueueUrl(text) ?? { kind: 'word', text };
}

/** A queue URL of any endpoint (regional, legacy, FIPS, dual stack, VPC, local), or a console link. */
function parseQueueUrl(text: string): QueueReference | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  const embedded = /#\/queues\/([^/]+)/.exec(text)?.[1];
  const url = embedded ? decodedOrAsIs(embedded) : text.replace(/[?#].*$/, '');
  const [, accountId, name] = accountAndName.exec(url) ?? [];
  if (!accountId || !name) return undefined;
  const host = url.replace(/^https?:\/\//i, '').replace(/\/.*$/, '');
  const region =
    regionInHost.exec(host)?.[1] ?? (/^queue\.amazonaws\.com$/i.test(host) ? 'us-east-1' : undefined);
  return { kind: 'url', text, accountId, name, ...(region && { region }) };
}

/** A link may be cut off in the middle of an escape. */
export function decodedOrAsIs(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All queues that the reference may mean: a word may be the alias of one queue and the name of others. */
export function queuesNamed(reference: QueueReference, queues: readonly Queue[]): Queue[] {
  switch (reference.kind) {
    case 'arn':
      return queues.filter((queue) => queue.arn === reference.text);
    case 'url':
      return queues.filter(
        (queue) =>
          queue.accountId === reference.accountId &&
          queue.name === reference.name &&
          (reference.region === undefined || reference.region === queue.region),
      );
    case 'word': {
      const exact = queues.filter((queue) => namesOf(queue).includes(reference.text));
      if (exact.length > 0) return exact;
      const loose = normalizedName(reference.text);
      return queues.filter((queue) => namesOf(queue).some((name) => normalizedName(name) === loose));
    }
  }
}

export function namesOf(queue: Queue): string[] {
  return queue.alias === queue.name ? [queue.name] : [queue.alias, queue.name];
}

/** Names are normalized to NFC. For a long text that would take quadratic time. */
export function composed(text: string): string {
  return text.length <= 2 * longestReference ? text.normalize('NFC') : text;
}

/** Phones capitalize the first letter and turn two hyphens into a long dash. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-‐‑‒–—―−]+/gu, '-');
}

/** Shorter words are part of too many names. */
const shortestPart = 3;

export function nearestQueues(typed: string, queues: readonly Queue[], atMost: number): Queue[] {
  const wanted = normalizedName(typed.slice(0, 100));
  return queues
    .map((queue) => ({
      queue,
      away: Math.min(...namesOf(queue).map((name) => howFar(wanted, normalizedName(name)))),
    }))
    .filter(({ away }) => away <= Math.max(2, wanted.length * 0.4))
    .sort((a, b) => a.away - b.away || a.queue.alias.localeCompare(b.queue.alias))
    .slice(0, atMost)
    .map(({ queue }) => queue);
}

/**
 * The number of letters to change. A part of a name counts as one letter away, because people type `orders` for
 * `orders-dlq`; a mistyped beginning counts as one more than its letters.
 */
function howFar(wanted: string, name: string): number {
  if (name === wanted) return 0;
  if (wanted.length < shortestPart) return distance(wanted, name);
  if (name.includes(wanted)) return 1;
  return Math.min(distance(wanted, name), 1 + distanceToBeginning(wanted, name));
}

/** The distance to the first words of a name, such as `orders` in `orders-dlq`. */
function distanceToBeginning(wanted: string, name: string): number {
  const ends = [...name.matchAll(/[-_.]/g)].map(({ index }) => index).filter((end) => end >= shortestPart);
  return Math.min(...ends.map((end) => distance(wanted, name.slice(0, end))));
}

export type QueueSearch = {
  channelId: string;
  /** What the person has typed into the search so far; may be empty. */
  query: string;
  /** Only queues that this text refers to, to choose among several of the same name. */
  among?: string;
};

/**
 * Queues of this channel whose alias, name, account or region contains every word of the query, an exact match first;
 * or else the nearest ones.
 */
export function findQueues(
  { channelId, query, among }: QueueSearch,
  queues: readonly Queue[],
  atMost: number,
): Queue[] {
  const offered = named(among, queues).filter((queue) => mayBeSeenIn(queue, channelId));
  const words = normalizedName(query.slice(0, 200)).split(/\s+/u);
  const found = offered.filter((queue) => words.every((word) => wordsOf(queue).includes(word)));
  const whole = normalizedName(query.trim());
  const rank = (queue: Queue) => (namesOf(queue).some((name) => normalizedName(name) === whole) ? 0 : 1);
  const sorted = found.toSorted(
    (a, b) => rank(a) - rank(b) || a.alias.localeCompare(b.alias) || a.arn.localeCompare(b.arn),
  );
  return found.length > 0 ? sorted.slice(0, atMost) : nearestQueues(query.trim(), offered, atMost);
}

function named(among: string | undefined, queues: readonly Queue[]): readonly Queue[] {
  if (among === undefined) return queues;
  const reference = parseQueueReference(among);
  return reference ? queuesNamed(reference, queues) : [];
}

function wordsOf(queue: Queue): string {
  const { account, region } = queue;
  return normalizedName([...namesOf(queue), account.label, account.id, region].join(' '));
}
