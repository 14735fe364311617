import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { createRequestHandler } from 'local-aws-sqs';
import type { QueuePlace } from './queue-place.ts';

type Emulator = ReturnType<typeof createRequestHandler>;

/** The part of a request that the emulator needs. */
export type SqsExchange = { request: Pick<IncomingMessage, 'headers' | 'method' | 'url'>; body: string };

/** What SQS answers, before faults change it. */
export type SqsAnswer = { status: number; headers?: OutgoingHttpHeaders; body: string };

export type Emulators = ReturnType<typeof createEmulators>;

/** The emulator ignores an ARN's account and region, so each pair of them gets its own. */
export function createEmulators(port: () => number) {
  const emulators = new Map<string, Emulator>();
  const emulatorOf = ({ accountId, region }: Omit<QueuePlace, 'name'>) => {
    const key = `${accountId}/${region}`;
    const emulator =
      emulators.get(key) ??
      createRequestHandler({
        port: port(),
        hostname: '127.0.0.1',
        accountId,
        region,
        emulateQueueCreationLifecycle: false,
      });
    emulators.set(key, emulator);
    return emulator;
  };
  return {
    async answer(place: Omit<QueuePlace, 'name'>, { request, body }: SqsExchange): Promise<SqsAnswer> {
      const copy = replayed(request, body);
      const answer = new ServerResponse(copy);
      const { promise, resolve, reject } = Promise.withResolvers<SqsAnswer>();
      answer.end = (chunk?: unknown) => {
        const { statusCode: status } = answer;
        resolve({ status, headers: answer.getHeaders(), body: typeof chunk === 'string' ? chunk : '' });
        return answer;
      };
      void Promise.resolve(emulatorOf(place).requestHandler(copy, answer)).catch(reject);
      return promise;
    },
    stop() {
      for (const { service } of emulators.values()) service.resetAll();
    },
  };
}

/** The same request again: its body has been read already, and the emulator needs it too. */
function replayed(request: SqsExchange['request'], body: string): IncomingMessage {
  const copy = new IncomingMessage(new Socket());
  copy.headers = request.headers;
  copy.method = request.method ?? 'POST';
  copy.url = request.url ?? '/';
  copy.push(body);
  copy.push(null);
  return copy;
}
