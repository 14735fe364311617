import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A request as Slack sent it: the body byte for byte, header names in lower case. */
export type SignedRequest = { body: string; headers: Readonly<Record<string, string | undefined>> };

/** The headers of an event, which may be anything: those that are texts. */
export function headersIn(headers: unknown): SignedRequest['headers'] {
  return Object.fromEntries(
    Object.entries(isObject(headers) ? headers : {}).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

export type SignatureRule = {
  signingSecret: string;
  /** Epoch milliseconds. */
  now: number;
  /** Slack recommends five minutes for the first receiver. */
  maxAgeSeconds: number;
};

/** Why a request is not accepted as Slack's. `future`: this machine's clock may be slow. */
export type NotFromSlack = 'unsigned' | 'stale' | 'future' | 'wrong secret';

/** What the headers alone show, before a body or a secret is read. */
export function headerFault(
  headers: Headers,
  { now, maxAgeSeconds }: Omit<SignatureRule, 'signingSecret'>,
): NotFromSlack | undefined {
  const { 'x-slack-signature': signature, 'x-slack-request-timestamp': signedAt } = headers;
  if (typeof signature !== 'string' || typeof signedAt !== 'string') return 'unsigned';
  if (!/^v0=[0-9a-f]{64}$/.test(signature) || !/^\d{1,12}$/.test(signedAt)) return 'unsigned';
  const ageSeconds = now / 1_000 - Number(signedAt);
  if (Math.abs(ageSeconds) <= maxAgeSeconds) return undefined;
  return ageSeconds > 0 ? 'stale' : 'future';
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureFault(
  { body, headers }: { body: string; headers: Headers },
  rule: SignatureRule,
): NotFromSlack | undefined {
  const fault = headerFault(headers, rule);
  if (fault) return fault;
  if (rule.signingSecret === '') return 'wrong secret';
  const { 'x-slack-signature': signature, 'x-slack-request-timestamp': signedAt } = headers;
  const hash = createHmac('sha256', rule.signingSecret).update(`v0:${signedAt}:${body}`).digest('hex');
  return timingSafeEqual(Buffer.from(String(signature)), Buffer.from(`v0=${hash}`))
    ? undefined
    : 'wrong secret';
}

export type SlackBody = Record<string, unknown>;

/** The parsed body; undefined if it is not an object. */
export function slackBodyOf(raw: string, contentType: string): SlackBody | undefined {
  try {
    const body: unknown = contentType.startsWith('application/x-www-form-urlencoded')
      ? formOf(raw)
      : JSON.parse(raw);
    return isObject(body) ? { ...body } : undefined;
  } catch {
    return undefined;
  }
}

function formOf(raw: string): unknown {
  const form = parse(raw);
  return typeof form['payload'] === 'string' ? JSON.parse(form['payload']) : form;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type BodyLimits = {
  /** Bytes of one body. */
  atMost: number;
  /** Bytes of all bodies that are being read. */
  heldAtMost: number;
};

type Reading = { bytes: number; chunks: Buffer[]; giveUp: () => void };

/**
 * Reads bodies from unverified senders, so that strangers can make the process hold no more than a few
 * megabytes: if the total becomes too large, the largest body is dropped.
 */
export function createBodyReader({ atMost, heldAtMost }: BodyLimits) {
  const readings = new Set<Reading>();
  let held = 0;

  function forget(reading: Reading): void {
    if (!readings.delete(reading)) return;
    held -= reading.bytes;
    reading.chunks = [];
  }

  function makeRoom(): void {
    while (held > heldAtMost) {
      let largest: Reading | undefined;
      for (const one of readings) if (!largest || one.bytes > largest.bytes) largest = one;
      largest?.giveUp();
    }
  }

  /** The whole body as text; undefined if it is too large. Rejects if the connection closes before its end. */
  return function readBody(request: IncomingMessage): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      if (Number(request.headers['content-length'] ?? 0) > atMost) return resolve(undefined);
      const giveUp = () => {
        forget(reading);
        resolve(undefined);
      };
      const reading: Reading = { bytes: 0, chunks: [], giveUp };
      readings.add(reading);
      request.on('data', (chunk: Buffer) => {
        if (!readings.has(reading)) return;
        reading.chunks.push(chunk);
        reading.bytes += chunk.length;
        held += chunk.length;
        if (reading.bytes > atMost) giveUp();
        makeRoom();
      });
      request.once('end', () => {
        resolve(Buffer.concat(reading.chunks).toString('utf8'));
        forget(reading);
      });
      request.once('close', () => {
        forget(reading);
        reject(new Error('the connection closed before the end of the body'));
      });
      request.once('error', reject);
    });
  };
}
