import {
  composed,
  decodedOrAsIs,
  longestReference,
  parseQueueReference,
  type QueueReference,
} from './queue-reference.ts';

/** A person does not read a longer message. */
const longestText = 100_000;

/** A message, split once. Anything longer than a reference can be is ignored. */
export type MessageTokens = {
  /** ARNs, queue URLs and console links, in order. */
  addresses: QueueAddress[];
  /** Everything else that may name a queue, in order. */
  words: MessageWord[];
};

export type QueueAddress = Exclude<QueueReference, { kind: 'word' }>;

/** `whole`: an alias may contain what a queue name can't, such as `team:orders`. `parts`: the possible names in it. */
export type MessageWord = { whole: string; parts: string[] };

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
