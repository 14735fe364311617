import { parseQueueArn, type Queue, type QueueArn } from './queue.ts';

/** What a person typed to name a queue. */
export type QueueReference =
  | { kind: 'word'; text: string }
  | { kind: 'arn'; text: string; arn: QueueArn }
  | { kind: 'url'; text: string; accountId: string; name: string; region?: string };

const wrapping = /^[\s"'`‘’‚‛“”„‟«»‹›<>()[\]]+|[\s"'`‘’‚‛“”„‟«»‹›<>()[\],;!?…]+$/gu;
const accountAndName = /\/(\d{12})\/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)\/?$/;
const regionInHost = /(?:^|[./])([a-z]{2,}(?:-[a-z]+)+-\d+)\./;

/**
 * Takes off what phones, chats and habit put around a name: white space, straight and curly quotes,
 * backticks, Slack's `<link|label>`, a full stop at the end. Dashes are settled when names are compared.
 */
function bareReference(text: string): string {
  const link = /^[\s"'`‘’“”]*<([^|<>]+)(?:\|[^<>]*)?>/u.exec(text)?.[1];
  return (link ?? text).replace(wrapping, '').replace(/\.+$/, '');
}

/** No name, ARN or link to a queue is longer. What is read here stays short, so no expression takes long over it. */
export const longestReference = 512;

export function parseQueueReference(typed: string): QueueReference | undefined {
  if (typed.length > longestReference) return undefined;
  const text = bareReference(typed);
  if (text === '') return undefined;
  const arn = parseQueueArn(text);
  if (arn) return { kind: 'arn', text, arn };
  return parseQueueUrl(text) ?? { kind: 'word', text };
}

/** A queue URL of any endpoint (regional, legacy, FIPS, dual stack, VPC, local), or the console's link to a queue. */
function parseQueueUrl(text: string): QueueReference | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  const embedded = /#\/queues\/([^/]+)/.exec(text)?.[1];
  const url = embedded ? decoded(embedded) : text.replace(/[?#].*$/, '');
  const [, accountId, name] = accountAndName.exec(url) ?? [];
  if (!accountId || !name) return undefined;
  const host = url.replace(/^https?:\/\//i, '').replace(/\/.*$/, '');
  const region =
    regionInHost.exec(host)?.[1] ?? (/^queue\.amazonaws\.com$/i.test(host) ? 'us-east-1' : undefined);
  return { kind: 'url', text, accountId, name, ...(region && { region }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Every queue the reference names. A word may name several: an alias of one, the name of others. */
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
      const loose = loosened(reference.text);
      return queues.filter((queue) => namesOf(queue).some((name) => loosened(name) === loose));
    }
  }
}

export function namesOf(queue: Queue): string[] {
  return queue.alias === queue.name ? [queue.name] : [queue.alias, queue.name];
}

/** Names are in Unicode's composed form. Of a long text that would take a time that grows with the square of its length. */
export function composed(text: string): string {
  return text.length <= 2 * longestReference ? text.normalize('NFC') : text;
}

/** Phones capitalise the first letter and join two hyphens into a long dash. */
export function loosened(name: string): string {
  return name.toLowerCase().replace(/[-‐‑‒–—―−]+/gu, '-');
}
