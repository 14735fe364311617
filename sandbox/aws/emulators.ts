import { IncomingMessage, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { createRequestHandler } from 'local-aws-sqs';
import type { QueuePlace } from './queue-place.ts';

type Emulator = ReturnType<typeof createRequestHandler>;

export type Emulators = ReturnType<typeof createEmulators>;

/** The emulator does not look at an ARN's account and region, so each pair of them gets its own. */
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
    async answer(
      place: Omit<QueuePlace, 'name'>,
      { request, response, body }: { request: IncomingMessage; response: ServerResponse; body: string },
    ): Promise<void> {
      await emulatorOf(place).requestHandler(replayed(request, body), response);
    },
    stop() {
      for (const { service } of emulators.values()) service.resetAll();
    },
  };
}

/** The same request once more: its body has been read already, and the emulator wants to read it too. */
function replayed(request: IncomingMessage, body: string): IncomingMessage {
  const copy = new IncomingMessage(new Socket());
  copy.headers = request.headers;
  copy.method = request.method ?? 'POST';
  copy.url = request.url ?? '/';
  copy.push(body);
  copy.push(null);
  return copy;
}
