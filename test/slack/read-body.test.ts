import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBodyReader } from '../../src/slack/http-receiver.ts';

const limits = { atMost: 100, heldAtMost: 250 };

function aRequest() {
  const stream = new PassThrough();
  return { stream, request: Object.assign(stream, { headers: {} }) as unknown as IncomingMessage };
}

/** Sends this many bytes and lets the reader run. */
async function sends(stream: PassThrough, bytes: number): Promise<void> {
  stream.write('x'.repeat(bytes));
  await new Promise(setImmediate);
}

test('reads a whole body, and gives up one that is too large', async () => {
  const readBody = createBodyReader(limits);
  const [small, large] = [aRequest(), aRequest()];
  const read = [readBody(small.request), readBody(large.request)];
  await sends(small.stream, 60);
  await sends(large.stream, 60);
  small.stream.end('end');
  large.stream.end('x'.repeat(60));
  expect(await Promise.all(read)).toEqual([`${'x'.repeat(60)}end`, undefined]);
});

test('a connection that breaks before the end is an error, and holds nothing', async () => {
  const readBody = createBodyReader(limits);
  const broken = aRequest();
  const read = readBody(broken.request);
  await sends(broken.stream, 90);
  broken.stream.destroy();
  await expect(read).rejects.toThrow('connection closed');
  const later = [aRequest(), aRequest()];
  const others = later.map(({ request }) => readBody(request));
  for (const { stream } of later) await sends(stream, 90);
  for (const { stream } of later) stream.end();
  expect(await Promise.all(others)).toEqual(['x'.repeat(90), 'x'.repeat(90)]);
});

test('drops the largest bodies until the rest fit, and reads small ones, however many arrive at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 41, max: 100 }), { minLength: 3, maxLength: 20 }),
      async (sizes) => {
        const readBody = createBodyReader(limits);
        const strangers = sizes.map(() => aRequest());
        const read = strangers.map(({ request }) => readBody(request));
        const slack = aRequest();
        const said = readBody(slack.request);
        await sends(slack.stream, 20);
        for (const [index, { stream }] of strangers.entries()) await sends(stream, sizes[index] ?? 0);
        for (const { stream } of strangers) stream.end();
        slack.stream.end('x'.repeat(20));
        const bodies = await Promise.all(read);
        const held = bodies.reduce((sum, body = '') => sum + body.length, 0);
        expect(held).toBeLessThanOrEqual(limits.heldAtMost);
        expect(await said).toBe('x'.repeat(40));
      },
    ),
    { numRuns: 30 },
  );
});
