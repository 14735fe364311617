import type { AskSts } from './assume-role.ts';
import { Refusal } from './refusal.ts';
import type { SignedCall } from './signed-call.ts';
import { tryThrice } from './try-thrice.ts';

/** AssumeRole in STS's query protocol, without the SDK. Its answers are XML: flat, and each name stands in them once. */
export function createSignedSts(callIn: (region: string) => SignedCall, timeoutMs: number): AskSts {
  return async (input, region, signal) => {
    const ask = () =>
      callIn(region)({
        service: 'sts',
        path: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', ...input }).toString(),
        timeoutMs,
        signal,
        keepsConnection: true,
      });
    const answer = await tryThrice(ask, signal);
    const said = (name: string) => textOf(name, answer.body);
    if (answer.status !== 200) {
      throw new Refusal(answer, {
        name: said('Code'),
        message: said('Message'),
        requestId: said('RequestId'),
      });
    }
    const expiration = said('Expiration');
    return {
      AccessKeyId: said('AccessKeyId'),
      SecretAccessKey: said('SecretAccessKey'),
      SessionToken: said('SessionToken'),
      ...(expiration !== undefined && { Expiration: new Date(expiration) }),
    };
  };
}

function textOf(name: string, xml: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`)
    .exec(xml)?.[1]
    ?.trim()
    .replace(/&#?\w+;/g, unescaped);
}

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

function unescaped(entity: string): string {
  const [, hexadecimal, decimal] = /^&#(?:x([\da-f]{1,5})|(\d{1,6}));$/i.exec(entity) ?? [];
  if (hexadecimal) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
  return decimal ? String.fromCodePoint(Number(decimal)) : (entities[entity] ?? entity);
}
