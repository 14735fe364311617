import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { appToken } from '../sandbox/slack/test-workspace.ts';
import { running, serversOfEachTest, within } from '../support/servers-of-each-test.ts';

const { stage, open, spawn, cards, ask, askedOf } = serversOfEachTest();

describe('the server with the environment of docs/settings.md', () => {
  test('answers a signed command with a card, with one ListMessageMoveTasks call', async () => {
    const server = await open();
    expect(await ask()).toEqual({ ok: true });
    await expect.poll(cards, within).toHaveLength(1);
    expect(cards()[0]?.text).toMatch(
      /^orders-dlq \(prod · 111122223333 · eu-west-1\)\n🔄 Running · 62%\n620 of/,
    );
    expect([askedOf('AssumeRole'), askedOf('ListMessageMoveTasks')]).toEqual([1, 1]);
    expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('');
  });

  test('twenty cards at once take one AssumeRole and at most twenty polls: identical ones share a poll', async () => {
    await open();
    const asked = Array.from({ length: 20 }, (_, i) => ask(i % 2 ? undefined : '/dlq-tasks payments-dlq'));
    expect(await Promise.all(asked)).toEqual(Array(20).fill({ ok: true }));
    await expect.poll(cards, within).toHaveLength(20);
    expect(askedOf('AssumeRole')).toBe(1);
    expect(askedOf('ListMessageMoveTasks')).toBeGreaterThanOrEqual(2);
    expect(askedOf('ListMessageMoveTasks')).toBeLessThanOrEqual(20);
  });

  test('acknowledges at once while AWS is slow, and still answers', async () => {
    await open();
    await ask('/dlq-tasks help');
    stage().aws.faults.add({ kind: 'slow', ms: 1_500 });
    await ask();
    const [, delivery] = stage().slack.deliveries;
    expect(delivery?.ackMs).toBeLessThan(1_000);
    expect(cards()).toEqual([]);
    await expect.poll(cards, within).toHaveLength(1);
  });
});

describe('a server that is told to stop', () => {
  test('stops even if no one reads its log anymore', async () => {
    const server = await open();
    server.stopReading();
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
  });

  test('stops at once while it is still starting', async () => {
    stage().slack.faults.add({ kind: 'slow', ms: 30_000 });
    const server = spawn();
    await expect.poll(() => stage().slack.callsOf('auth.test').length, within).toBe(1);
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(server.said()).toContain('stopped while starting');
  });

  test('delivers the answer in progress, accepts nothing new, and ignores a second signal', async () => {
    const server = await open();
    stage().aws.faults.add({ kind: 'slow', ms: 1_500, action: 'ListMessageMoveTasks' });
    await ask();
    await expect.poll(() => askedOf('ListMessageMoveTasks'), within).toBe(1);
    server.signal('SIGTERM');
    await expect.poll(() => isOpen(server.port), within).toBe(false);
    server.signal('SIGTERM');
    server.signal('SIGINT');
    expect(server.isRunning()).toBe(true);
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(cards()).toHaveLength(1);
  });

  test('does not wait for idle connections', async () => {
    const server = await open();
    const idle = connect(server.port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => idle.once('connect', resolve));
    const toldAt = performance.now();
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(performance.now() - toldAt).toBeLessThan(5_000);
    idle.destroy();
  });
});

function isOpen(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

describe("the server's output contains no secret", () => {
  /** Everything that must not appear anywhere, as far as it is known by now. */
  function secrets(variables: Record<string, string>): string[] {
    const sent = stage().slack.deliveries.map(({ payload }) => payload);
    const ofRequests = sent.flatMap((payload) => [
      payload['response_url'],
      payload['trigger_id'],
      payload['token'],
    ]);
    return [
      ...['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'AWS_SECRET_ACCESS_KEY'].map(
        (name) => variables[name],
      ),
      running.TaskHandle,
      ...ofRequests,
      'v0=',
      '?ticket=',
      'x-amz-security-token',
    ].filter((secret) => typeof secret === 'string');
  }

  async function aBusyDay(): Promise<void> {
    const { slack, aws } = stage();
    const say = async (text: string, channel = 'CGENERAL') => {
      const before = slack.deliveries.length;
      await slack.as('UANN').types(channel, `/dlq-tasks ${text}`);
      expect(slack.deliveries.length).toBeGreaterThan(before);
    };
    await say('orders-dlq');
    await expect.poll(cards, within).toHaveLength(1);
    await slack.as('UANN').clicks(cards()[0] ?? { channel: '', ts: '' }, 'Refresh');
    await slack.as('UANN').clicks(cards()[0] ?? { channel: '', ts: '' }, 'Watch');
    slack.faults.add({ kind: 'error', method: 'chat.postMessage', error: 'internal_error', times: 1 });
    await say('payments-dlq');
    slack.faults.add({ kind: 'server-error', method: 'response_url', times: 1 });
    await say('help');
    slack.faults.add({ kind: 'server-error', method: 'response_url', times: 2 });
    slack.faults.add({ kind: 'stored-then-reset', method: 'chat.postEphemeral', times: 2 });
    await say('no-such-queue');
    await say('orders-dlq', 'CRANDOM');
    aws.faults.add({ kind: 'deny', times: 2 });
    await say('orders-dlq');
    aws.faults.add({ kind: 'expire-credentials', times: 1 });
    await say('payments-dlq 3');
    await expect.poll(() => slack.privateWords('UANN').length, within).toBeGreaterThanOrEqual(4);
  }

  test.each([
    ['debug', {}],
    ['trace', { SLACK_APP_TOKEN: appToken }],
  ] as const)('at the level %s', async (level, mode) => {
    const changes = { ...mode, LOG_LEVEL: level };
    const server = await open(changes);
    await aBusyDay();
    stage().slack.cutConnections();
    server.signal('SIGTERM');
    expect((await server.exit()).code).toBe(0);
    const leaks = secrets({ ...stage().variables, ...changes }).filter((secret) =>
      server.said().includes(secret),
    );
    expect([leaks, server.lines().length > 50, server.stderr()]).toEqual([[], true, '']);
  });
});
