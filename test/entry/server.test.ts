import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appToken } from '../sandbox/slack/test-workspace.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { orders, payments, type ServerStage, startServerStage } from '../support/server-stage.ts';

const startedAt = Date.now() - 120_000;
const running = {
  Status: 'RUNNING',
  ApproximateNumberOfMessagesMoved: 620,
  ApproximateNumberOfMessagesToMove: 1_000,
  StartedTimestamp: startedAt,
  TaskHandle: 'eyJ0YXNrSWQiOiJkYzE2OWUwNC0wZTU1LTQ0ZDItYWE5MC1jMDgwY2ExZjM2ZjcifQ==',
};

let stage: ServerStage;
const servers: ServerProcess[] = [];
beforeEach(async () => {
  stage = await startServerStage({ appToken });
  stage.aws.script(orders.arn, [[running]]);
  stage.aws.script(payments.arn, [[running]]);
  for (const { arn } of [orders, payments])
    stage.aws.setDepth(arn, { waiting: 380, inFlight: 0, delayed: 0 });
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
  await stage[Symbol.asyncDispose]();
});

const kept = <T extends ServerProcess>(server: T): T => {
  servers.push(server);
  return server;
};
const open = async (changes?: Record<string, string>) => kept(await stage.open(changes));
const spawn = (changes?: Record<string, string>) => kept(stage.spawn(changes));
const cards = () => stage.slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');
const ask = (text = '/dlq-tasks orders-dlq') => stage.slack.as('UANN').types('CGENERAL', text);
const askedOf = (action: string) => stage.aws.requests.filter((request) => request.action === action).length;
const within = { timeout: 10_000 };

describe('the server with the environment of the README', () => {
  test('answers a signed command with a card; one card is one ListMessageMoveTasks', async () => {
    const server = await open();
    expect(await ask()).toEqual({ ok: true });
    await expect.poll(cards, within).toHaveLength(1);
    expect(cards()[0]?.text).toMatch(
      /^orders-dlq \(prod · 111122223333 · eu-west-1\)\n🔄 Running · 62 %\n620 of/,
    );
    expect([askedOf('AssumeRole'), askedOf('ListMessageMoveTasks')]).toEqual([1, 1]);
    expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('');
  });

  test('twenty cards at once are one AssumeRole and no more than twenty looks: who asks the same shares one', async () => {
    await open();
    const asked = Array.from({ length: 20 }, (_, i) => ask(i % 2 ? undefined : '/dlq-tasks payments-dlq'));
    expect(await Promise.all(asked)).toEqual(Array(20).fill({ ok: true }));
    await expect.poll(cards, within).toHaveLength(20);
    expect(askedOf('AssumeRole')).toBe(1);
    expect(askedOf('ListMessageMoveTasks')).toBeGreaterThanOrEqual(2);
    expect(askedOf('ListMessageMoveTasks')).toBeLessThanOrEqual(20);
  });

  test('acknowledges at once while AWS takes its time, and answers all the same', async () => {
    await open();
    await ask('/dlq-tasks help');
    stage.aws.faults.add({ kind: 'slow', ms: 1_500 });
    await ask();
    const [, delivery] = stage.slack.deliveries;
    expect(delivery?.ackMs).toBeLessThan(1_000);
    expect(cards()).toEqual([]);
    await expect.poll(cards, within).toHaveLength(1);
  });
});

describe('the server that cannot start says why, in one go, and ends', () => {
  test('all faults of environment and settings, before it contacts anyone', async () => {
    await writeFile(
      stage.config,
      'accounts:\n  prod:\n    id: "1111"\nqueues:\n  help: arn:aws:sqs:eu-west-1:111122223333:orders-dlq\nwatch: { minPollSeconds: 0 }\n',
    );
    const server = spawn({
      SLACK_BOT_TOKEN: 'wrong',
      PORT: 'http',
      LOG_LEVEL: 'loud',
      SLACK_SIGNING_SECRET: '',
    });
    expect(await server.exit()).toEqual({ code: 1, signal: null });
    const said = server.stderr().replaceAll(stage.config, 'dlq-tasks.yml').trimEnd().split('\n');
    expect(
      said.map(
        (line) =>
          /^(?:environment [A-Z_]+|dlq-tasks\.yml:\d+ \S+(?=:)|dlq-tasks cannot start)/.exec(line)?.[0],
      ),
    ).toEqual([
      'dlq-tasks cannot start',
      'environment SLACK_BOT_TOKEN',
      'environment PORT',
      'environment LOG_LEVEL',
      'environment SLACK_SIGNING_SECRET',
      'dlq-tasks.yml:2 accounts.prod.roleArn',
      'dlq-tasks.yml:3 accounts.prod.id',
      'dlq-tasks.yml:5 queues.help',
      'dlq-tasks.yml:6 watch.minPollSeconds',
    ]);
    expect([stage.slack.calls, stage.aws.requests, server.stdout()]).toEqual([[], [], '']);
  });

  const lineOf = async (changes: Record<string, string>) => {
    const server = spawn(changes);
    const { code } = await server.exit();
    return { code, said: server.stderr() };
  };

  test('a wrong bot token', async () => {
    expect(await lineOf({ SLACK_BOT_TOKEN: 'xoxb-wrong' })).toEqual({
      code: 1,
      said: "dlq-tasks: Slack does not accept SLACK_BOT_TOKEN (invalid_auth). Copy the token anew from the app's settings.\n",
    });
  });

  test('Slack cannot be reached', async () => {
    const apiUrl = `http://127.0.0.1:${await closedPort()}/api/`;
    expect(await lineOf({ SLACK_API_URL: apiUrl })).toEqual({
      code: 1,
      said: `dlq-tasks: Slack cannot be reached at ${apiUrl} (ECONNREFUSED). Check the network and SLACK_API_URL.\n`,
    });
  });

  test('an address that nobody may call', async () => {
    const apiUrl = 'http://127.0.0.1:1/api/';
    expect((await lineOf({ SLACK_API_URL: apiUrl })).said).toBe(
      `dlq-tasks: Slack cannot be reached at ${apiUrl} (bad port). Check the network and SLACK_API_URL.\n`,
    );
  });

  test('Slack answers 500', async () => {
    stage.slack.faults.add({ kind: 'server-error', status: 500, method: 'auth.test' });
    expect((await lineOf({})).said).toMatch(
      /^dlq-tasks: Slack cannot be reached at \S+ \(HTTP 500\)\. .+\n$/,
    );
  });

  test('Slack takes no more calls', async () => {
    stage.slack.faults.add({ kind: 'rate-limited', retryAfterSeconds: 30, method: 'auth.test' });
    expect(await lineOf({})).toEqual({
      code: 1,
      said: 'dlq-tasks: Slack takes no more calls for 30 s. Start the bot again then.\n',
    });
  });

  test('the data folder is a file', async () => {
    const { code, said } = await lineOf({ DLQ_TASKS_DATA: `${stage.config}/data` });
    expect([code, said.split('\n').length - 1]).toEqual([1, 1]);
    expect(said).toMatch(/^dlq-tasks: the data folder \S+ cannot be used \(ENOTDIR\)\. Set DLQ_TASKS_DATA/);
  });

  test('the port is taken', async () => {
    const { server: other, port } = await listening();
    expect(await lineOf({ PORT: String(port) })).toEqual({
      code: 1,
      said: `dlq-tasks: port ${port} is taken. Set PORT to a free one.\n`,
    });
    other.close();
  });

  test.each([
    [
      'a wrong app token',
      { SLACK_APP_TOKEN: 'xapp-wrong' },
      undefined,
      'Slack does not accept SLACK_APP_TOKEN (invalid_auth). ',
    ],
    [
      'an app token without its scope',
      {},
      'missing_scope',
      'Slack refuses Socket Mode (missing_scope). Check',
    ],
    [
      'a token of another kind',
      {},
      'not_allowed_token_type',
      'Slack refuses Socket Mode (not_allowed_token_type). Check',
    ],
  ])('%s in Socket Mode', async (_what, changes, error, words) => {
    if (error) stage.slack.faults.add({ kind: 'error', method: 'apps.connections.open', error });
    const { code, said } = await lineOf({ SLACK_APP_TOKEN: appToken, ...changes });
    expect([code, said.split('\n').length - 1]).toEqual([1, 1]);
    expect(said).toContain(`dlq-tasks: ${words}`);
  });
});

async function listening() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

async function closedPort(): Promise<number> {
  const { server, port } = await listening();
  server.close();
  return port;
}

describe('the server that is told to end', () => {
  test('ends also when nobody reads its log any more', async () => {
    const server = await open();
    server.stopReading();
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
  });

  test('delivers the answer in hand, takes nothing new meanwhile, and a second signal changes nothing', async () => {
    const server = await open();
    stage.aws.faults.add({ kind: 'slow', ms: 1_500, action: 'ListMessageMoveTasks' });
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

  test('does not wait for lines on which nobody asks anything', async () => {
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

describe('the server over Socket Mode', () => {
  const openSocket = () => open({ SLACK_APP_TOKEN: appToken });

  test('is still there after Slack has refreshed and cut its lines', async () => {
    const server = await openSocket();
    expect(await ask()).toEqual({ ok: true });
    for (const trouble of [stage.slack.refreshConnections, stage.slack.cutConnections]) {
      trouble();
      await expect.poll(stage.slack.connectionCount, within).toBe(0);
      await expect.poll(stage.slack.connectionCount, within).toBe(1);
      await expect.poll(() => ask().then(({ ok }) => ok), within).toBe(true);
    }
    await expect.poll(cards, within).toHaveLength(3);
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
  });

  test('answers a command although its acknowledgement got lost', async () => {
    await openSocket();
    const asked = ask();
    stage.slack.cutConnections();
    expect((await asked).ok).toBe(false);
    await expect.poll(cards, within).toHaveLength(1);
  });

  test('calls again while Slack is away', async () => {
    await openSocket();
    stage.slack.faults.add({ kind: 'server-error', method: 'apps.connections.open', times: 2 });
    stage.slack.cutConnections();
    await expect.poll(stage.slack.connectionCount, within).toBe(0);
    await expect.poll(stage.slack.connectionCount, within).toBe(1);
  });

  test.each(['invalid_auth', 'missing_scope'])(
    'ends with 1 when Slack lets it in no more: %s',
    async (error) => {
      const server = await openSocket();
      stage.slack.faults.add({ kind: 'error', method: 'apps.connections.open', error });
      stage.slack.cutConnections();
      expect(await server.exit()).toEqual({ code: 1, signal: null });
      expect(server.lines().find(({ msg }) => msg === 'ending')).toMatchObject({
        why: `Slack refused apps.connections.open: ${error}`,
      });
    },
  );
});

describe('no secret stands in what the server says', () => {
  /** All that must not be read anywhere, as far as it is known by now. */
  function secrets(variables: Record<string, string>): string[] {
    const sent = stage.slack.deliveries.map(({ payload }) => payload);
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
    const { slack, aws } = stage;
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
    stage.slack.cutConnections();
    server.signal('SIGTERM');
    expect((await server.exit()).code).toBe(0);
    const leaks = secrets({ ...stage.variables, ...changes }).filter((secret) =>
      server.said().includes(secret),
    );
    expect([leaks, server.lines().length > 50, server.stderr()]).toEqual([[], true, '']);
  });
});
