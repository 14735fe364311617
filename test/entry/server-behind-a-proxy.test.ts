import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serversOfEachTest, within } from '../support/servers-of-each-test.ts';

const { open, cards, ask, askedOf } = serversOfEachTest();

/** Hands on what is sent to it with a whole address, as a proxy for plain HTTP does. */
const asked: string[] = [];
const proxy = createServer((incoming, outgoing) => {
  const { url = '', method, headers } = incoming;
  asked.push(url);
  const onward = request(url, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  incoming.pipe(onward);
});
beforeEach(async () => {
  asked.length = 0;
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  proxy.closeAllConnections();
  proxy.close();
});

test('Slack, STS and SQS are asked through the proxy that Node is told to use', async () => {
  const { port } = proxy.address() as AddressInfo;
  await open({ NODE_USE_ENV_PROXY: '1', HTTP_PROXY: `http://127.0.0.1:${port}` });
  await ask();
  await expect.poll(cards, within).toHaveLength(1);
  const throughProxy = asked.map((url) => new URL(url).pathname);
  expect(throughProxy).toEqual(expect.arrayContaining(['/api/auth.test', '/api/chat.postMessage']));
  const toAws = throughProxy.filter((path) => !path.startsWith('/api/'));
  expect(toAws).toHaveLength(
    askedOf('AssumeRole') + askedOf('ListMessageMoveTasks') + askedOf('GetQueueAttributes'),
  );
  expect(toAws.length).toBeGreaterThanOrEqual(3);
});
