import { looksLikeAQueue, type Mention, nameIndex, wordsOfName } from './name-index.ts';
import type { Queue } from './queue.ts';
import {
  composed,
  decodedOrAsIs,
  longestReference,
  namesOf,
  parseQueueReference,
  type QueueReference,
  queuesNamed,
} from './queue-reference.ts';

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
  // An address says that the message means a queue of this name elsewhere, which is not in the settings.
  const nameable = queues.filter(({ name }) => !strays.some((stray) => stray.name === name));
  const { mentions, strangers, spelled } = mentionsIn(words, nameable);
  const isAnyInFull = addressed.length > 0 || mentions.some(({ how }) => how === 'in-full');
  const counting = isAnyInFull ? mentions.filter(({ how }) => how !== 'alarm' && how !== 'part') : mentions;
  const clues = cluesIn(texts.join('\n'), spelled, addressed);
  const named = counting.flatMap((mention) => narrowed(mention.queues, clues));
  const found = [...new Map([...addressed, ...named].map((queue) => [queue.arn, queue])).values()];
  const isAlone = strays.length === 0 && strangers === 0 && mentions.every(({ how }) => how !== 'part');
  return { queues: found, isCertain: found.length === 1 && (isAnyInFull || isAlone) };
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

/** A person does not read a longer message. */
const longestText = 100_000;

/** A message, split once. Anything longer than a reference can be is ignored. */
export type MessageTokens = {
  /** ARNs, queue URLs and console links, in order. */
  addresses: QueueAddress[];
  /** Everything else that may name a queue, in order. */
  words: MessageWord[];
};

type QueueAddress = Exclude<QueueReference, { kind: 'word' }>;

/** `whole`: an alias may contain what a queue name can't, such as `team:orders`. `parts`: the possible names in it. */
type MessageWord = { whole: string; parts: string[] };

const address =
  /arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(?:\.fifo)?|https?:\/\/[^\s/]+\/\d{12}\/[\w-]{1,80}(?:\.fifo)?/gi;
const betweenWords = /[\s"'`<>|\\{}[\](),;~“”„‟«»‘’‚‛…]+/u;
/** Punctuation and markup around a word. The words are short. */
const around = /^[\s*_:.!?-]+|[\s*_:.!?-]+$/gu;
const noPartOfNames = /[^\p{L}\p{N}\p{M}._\-‐‑‒–—―−]+/u;

export function messageTokens(texts: readonly string[]): MessageTokens {
  const tokens: MessageTokens = { addresses: [], words: [] };
  const text = texts
    .join('\n')
    .slice(0, longestText)
    .replace(/\p{Cf}/gu, '');
  for (const run of text.split(/\s+/u)) {
    for (const word of decoded(run).split(betweenWords)) {
      if (word !== '') readWord(word, tokens);
    }
  }
  return tokens;
}

function readWord(word: string, { addresses, words }: MessageTokens): void {
  if (word.length > longestReference) {
    words.push({ whole: '', parts: partsOf(word) });
    return;
  }
  const rest = composed(word).replace(address, (found) => {
    const reference = parseQueueReference(found);
    if (reference && reference.kind !== 'word') addresses.push(reference);
    return ' ';
  });
  words.push({ whole: rest.replace(around, ''), parts: partsOf(rest) });
}

function partsOf(word: string): string[] {
  return word
    .split(noPartOfNames)
    .filter(({ length }) => length <= longestReference)
    .map((part) => part.replace(around, ''))
    .filter((part) => part !== '');
}

/**
 * Decodes the encodings of links (`%2F`), of console addresses (`$252F`, in CloudWatch also `*20`) and of JSON within
 * JSON (`\n`).
 */
function decoded(run: string): string {
  if (!/[%$*\\]/.test(run)) return run;
  const once = (coded: string) => coded.replace(/(?:%[0-9a-f]{2})+/gi, decodedOrAsIs);
  const isLink = /https?:\/\//i.test(run);
  const escapes = isLink ? /[$*](?=[0-9a-f]{2})/gi : /\$25(?=[0-9a-f]{2})/gi;
  return once(once(run.replace(escapes, '%')))
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\[nrt]/g, ' ');
}
