import { parseQueueArn, type Queue, type QueueArn } from './queue.ts';

export type QueueReference =
  | { kind: 'word'; text: string }
  | { kind: 'arn'; text: string; arn: QueueArn }
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
  if (arn) return { kind: 'arn', text, arn };
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
