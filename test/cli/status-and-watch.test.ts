import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { typed } from './a-terminal.ts';
import { arnOf, type DoctorWorld, type GivenAccount, startDoctorWorld } from './doctor-world.ts';

const prod: GivenAccount = { label: 'prod', id: '111122223333', queues: ['orders-dlq', 'payments-dlq'] };
const orders = arnOf(prod, 'orders-dlq');

let world: DoctorWorld;
beforeEach(async () => {
  world = await startDoctorWorld([prod]);
});
afterEach(() => world.stop());

const startedAt = Date.UTC(2026, 10, 24, 3, 0, 0);
const clock = () => startedAt + 120_000;
const running = {
  Status: 'RUNNING',
  ApproximateNumberOfMessagesMoved: 620,
  ApproximateNumberOfMessagesToMove: 1000,
  StartedTimestamp: startedAt,
};
const completed = { ...running, Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1000 };
const failed = { ...running, Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' };

const type = (...words: string[]) => typed(words, { env: world.env, clock });

describe('dlq-tasks status', () => {
  test.each([
    ['running', running, 3],
    ['ended', completed, 0],
    ['ended', { ...completed, Status: 'CANCELLED' }, 0],
    ['failed', failed, 4],
    ['running', { ...running, Status: 'CANCELLING' }, 3],
    ['running', { ...running, Status: 'PAUSED' }, 3],
  ])('%s, by the exit code and in JSON: %o', async (state, task, code) => {
    world.aws.script(orders, [[task]]);
    const { code: exit, err, out } = await type('status', 'orders-dlq', '--json');
    const { state: said, tasks } = JSON.parse(out);
    expect({ exit, err, said, status: tasks[0].status }).toEqual({
      exit: code,
      err: '',
      said: state,
      status: task.Status,
    });
  });

  test('exits with 5 if there is no redrive', async () => {
    const { code, out } = await type('status', 'orders-dlq');
    expect({ code, first: out.split('\n').slice(0, 2) }).toEqual({
      code: 5,
      first: [
        'orders-dlq  prod · 111122223333 · eu-west-1',
        '💤 No redrive: SQS lists no redrives for this queue.',
      ],
    });
  });

  test('gives scripts every number, and no task handle', async () => {
    world.aws.script(orders, [[{ ...running, TaskHandle: 'AQEBsecret' }]]);
    world.aws.setDepth(orders, { waiting: 380, inFlight: 1, delayed: 0 });
    world.aws.setDepth(arnOf(prod, 'orders'), { waiting: 12, inFlight: 3, delayed: 0 });
    const { out } = await type('status', orders, '--json');
    expect(JSON.parse(out)).toEqual({
      queue: {
        alias: 'orders-dlq',
        name: 'orders-dlq',
        arn: orders,
        account: 'prod',
        accountId: '111122223333',
        region: 'eu-west-1',
      },
      state: 'running',
      seenAt: '2026-11-24T03:02:00.000Z',
      depth: { waiting: 380, inFlight: 1, delayed: 0 },
      source: { name: 'orders', depth: { waiting: 12, inFlight: 3, delayed: 0 } },
      tasks: [
        {
          status: 'RUNNING',
          state: 'running',
          startedAt: '2026-11-24T03:00:00.000Z',
          moved: 620,
          toMove: 1000,
          share: 0.62,
          messagesPerSecond: expect.closeTo(5.167, 2),
          secondsLeft: expect.closeTo(73.5, 1),
        },
      ],
    });
  });

  test("shows the source queue's messages in one line, or none if the role may not ask", async () => {
    world.aws.script(orders, [[running]]);
    world.aws.setDepth(arnOf(prod, 'orders'), { waiting: 12, inFlight: 0, delayed: 0 });
    expect((await type('status', 'orders-dlq')).out).toContain('  Source queue orders · about 12 waiting\n');
    world.aws.faults.add({ kind: 'deny', action: 'ListDeadLetterSourceQueues' });
    const { code, out, err } = await type('status', 'orders-dlq');
    expect([code, out.includes('Source queue'), err]).toEqual([3, false, '']);
  });

  test('answers a typo with the nearest name, without a state', async () => {
    expect(await type('status', 'oders-dlq')).toEqual({
      code: 2,
      out: '',
      err: 'There is no queue oders-dlq in the settings. Did you mean orders-dlq?\nSee: dlq-tasks status --help\n',
    });
  });

  test('explains an AWS error in words, without a state', async () => {
    world.aws.faults.add({ kind: 'deny', service: 'SQS' });
    const { code, out, err } = await type('status', 'orders-dlq');
    expect({ code, out, err: err.replace(/request [\w-]+/, 'request …') }).toEqual({
      code: 1,
      out: '',
      err: [
        "Couldn't check orders-dlq. The role arn:aws:iam::111122223333:role/dlq-tasks-status isn't allowed to use sqs:ListMessageMoveTasks on orders-dlq in prod (account 111122223333). Reason given by AWS: no identity-based policy allows the sqs:listmessagemovetasks action.",
        `Allow sqs:ListMessageMoveTasks on ${orders} in the policy of the role arn:aws:iam::111122223333:role/dlq-tasks-status.`,
        '(sqs:ListMessageMoveTasks: AccessDenied, request …)',
        '',
      ].join('\n'),
    });
  });

  test('shows a queue limited to certain channels, because there are no channels here', async () => {
    const queues = { 'orders-dlq': { arn: orders, channels: ['C0OPS'] } };
    await world.writeSettings({ ...world.settings, queues });
    expect((await type('status', 'orders-dlq')).code).toBe(5);
  });
});

describe('dlq-tasks watch', () => {
  const watch = (isTty: boolean, interruption?: () => AbortSignal) =>
    typed(['watch', 'orders-dlq'], { env: world.env, isTty, ...(interruption && { interruption }) });

  test('with nothing running says how the last one ended', async () => {
    world.aws.script(orders, [[failed]]);
    const { code, out } = await watch(false);
    expect({ code, lines: out.split('\n').slice(0, 3) }).toEqual({
      code: 4,
      lines: [
        'Nothing is running. The last redrive:',
        '❌ orders-dlq: Failed · 620 of 1,000 messages moved · nothing left in the DLQ, according to SQS',
        'Reason: CouldNotDetermineMessageSource',
      ],
    });
  });

  test('of a queue without redrives ends at once', async () => {
    expect(await watch(false)).toEqual({
      code: 5,
      out: 'Nothing is running: SQS lists no redrive of orders-dlq.\n',
      err: '',
    });
  });

  test('Ctrl-C stops it, keeps the last bar on screen, and changes nothing', async () => {
    const result = new AbortController();
    world.aws.script(orders, [[{ ...running, StartedTimestamp: Date.now() - 60_000 }]]);
    const watching = watch(true, () => result.signal);
    await expect.poll(() => world.aws.requests.length).toBeGreaterThan(4);
    setTimeout(() => result.abort(), 100);
    const { code, out } = await watching;
    expect({ code, out }).toEqual({
      code: 130,
      out: expect.stringMatching(/^orders-dlq ▰+▱+ 62% · .* left · 620 of 1,000 messages moved.*\n$/),
    });
    expect(new Set(world.aws.requests.map(({ action }) => action))).toEqual(
      new Set(['AssumeRole', 'ListMessageMoveTasks', 'GetQueueAttributes']),
    );
  });
});
