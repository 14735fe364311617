import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LocalAws, startLocalAws } from '../../sandbox/aws/local-aws.ts';
import { createRoleAccess, type RoleAccess } from '../../src/aws/role-access.ts';
import { createStartCalls } from '../../src/aws/start-calls.ts';
import { queueUrl } from '../../src/domain/queue.ts';
import { stubAwsEnvironment } from '../aws/over-the-wire.ts';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { anAwsError, aQueue, aTask } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

const followed = aQueue({ name: 'payments-dlq', notify: 'CGENERAL' });
const unfollowed = aQueue({ name: 'orders-dlq' });

const handleOf = (sourceArn: string) =>
  Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn })).toString('base64');

function sessionOf(role: string, session: string) {
  return {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${followed.accountId}:assumed-role/${role}/${session}`,
    accountId: followed.accountId,
    sessionContext: { sessionIssuer: { type: 'Role', userName: role } },
  };
}

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;
let clock: number;

async function start(queue = followed) {
  bot = await startTestBot({ moveTasks: aws, queues: [queue, unfollowed], clock: () => clock });
}

beforeEach(() => {
  aws = fakeMoveTasks();
  // Slack's own clock: its timestamps are searched.
  clock = Date.now();
});
afterEach(() => bot[Symbol.asyncDispose]());

const ours = (channel = 'CGENERAL') => bot.slack.messages(channel).filter(({ author }) => author === 'UBOT');
const cards = (channel?: string) => ours(channel).filter(({ threadTs }) => threadTs === undefined);
const replies = (card: { channel: string; ts: string } | undefined) =>
  card ? bot.slack.thread(card.channel, card.ts).slice(1) : [];
const firstLines = (messages: { text: string }[]) => messages.map(({ text }) => text.split('\n')[0]);

async function timePasses(seconds: number) {
  for (const until = clock + seconds * 1000; clock < until; ) {
    clock += 1000;
    await bot.watcher.tick();
  }
}

/** Someone starts a redrive in the console. */
const begins = (given: Parameters<typeof aTask>[0] = {}) => {
  const task = aTask({ startedAt: clock, moved: 0, ...given });
  aws.lists(task);
  return task;
};

describe('a redrive of a followed queue that someone starts in the console', () => {
  test('is announced within a minute and a half, with a card that the channel watches', async () => {
    await start();
    await timePasses(100);
    expect(ours()).toEqual([]);
    begins();
    await timePasses(92);
    expect(cards()).toHaveLength(1);
    expect(cards()[0]?.text).toContain('payments-dlq (prod');
    expect(cards()[0]?.text).toContain(
      '📣 This channel follows the queue. The result will be posted in the thread',
    );
    expect(await bot.watcher.list({ channel: 'CGENERAL' })).toMatchObject([{ watchers: [], followed: {} }]);
  });

  test('and completes: the card is final, and the thread says so without naming anyone', async () => {
    await start();
    await timePasses(3);
    const task = begins();
    await timePasses(92);
    aws.lists({ ...task, status: 'COMPLETED', statusText: 'COMPLETED', moved: 1000 });
    await timePasses(120);
    expect(cards()).toHaveLength(1);
    expect(cards()[0]?.text).toContain('✅ Completed · 100%');
    expect(cards()[0]?.text).not.toContain('📣');
    expect(replies(cards()[0]).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^✅ \*The redrive of `payments-dlq` has completed\.\*\n[^\n<]*$/),
    ]);
  });

  test('is announced once, however long it runs, and so is the next one', async () => {
    await start();
    await timePasses(3);
    const first = begins();
    await timePasses(400);
    aws.lists({ ...first, status: 'COMPLETED', statusText: 'COMPLETED', moved: 1000 });
    await timePasses(100);
    begins({ moved: 1 });
    await timePasses(400);
    expect(cards()).toHaveLength(2);
  });

  test('and ends between two polls is announced with its end, and not watched', async () => {
    await start();
    await timePasses(3);
    begins({ status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource', moved: 3 });
    await timePasses(92);
    expect(cards()).toHaveLength(1);
    expect(cards()[0]?.text).toContain('❌ Failed');
    expect(cards()[0]?.text).toContain(
      '📣 This channel follows the queue. The redrive had already ended when the bot noticed it',
    );
    expect(await bot.watcher.list({})).toEqual([]);
  });

  test('is not announced when it had ended before the bot came; one that runs is', async () => {
    aws.lists(aTask({ status: 'COMPLETED', startedAt: clock - 60_000 }));
    await start();
    await timePasses(300);
    expect(ours()).toEqual([]);
    await bot[Symbol.asyncDispose]();
    aws.lists(aTask({ startedAt: clock - 3_600_000 }));
    await start();
    await timePasses(3);
    expect(cards()).toHaveLength(1);
  });

  test('that people in the channel already watch gets no second card, and stays when they leave', async () => {
    await start();
    await timePasses(3);
    const task = begins();
    await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks watch payments-dlq');
    await bot.settled();
    await timePasses(92);
    await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks unwatch payments-dlq');
    await bot.settled();
    await timePasses(3);
    expect(cards()).toHaveLength(1);
    expect(cards()[0]?.text).toContain('📣');
    aws.lists({ ...task, status: 'COMPLETED', statusText: 'COMPLETED', moved: 1000 });
    await timePasses(120);
    expect(firstLines(replies(cards()[0])).at(-1)).toMatch(/has completed/);
  });

  test('is a card like any other: Ann watches and leaves it, and the channel still learns the end', async () => {
    await start();
    await timePasses(3);
    const task = begins();
    await timePasses(92);
    const card = cards()[0] ?? { channel: '', ts: '' };
    await bot.slack.as('UANN').clicks(card, 'Watch');
    await timePasses(3);
    expect(cards()[0]?.text).toContain('👀 Watched by <@UANN>');
    await bot.slack.as('UANN').clicks(cards()[0] ?? card, 'Unwatch');
    await bot.slack.as('UBOB').types('CGENERAL', '/dlq-tasks watches');
    await bot.settled();
    expect(bot.slack.privateWords('UBOB')[0]?.text).toMatch(
      /^\*This channel follows\*\n• `payments-dlq` prod · <!date/,
    );
    aws.lists({ ...task, status: 'COMPLETED', statusText: 'COMPLETED', moved: 1000 });
    await timePasses(120);
    expect(replies(card).at(-1)?.text).toMatch(/has completed/);
    expect(replies(card).at(-1)?.text).not.toContain('<@');
  });

  test('keeps its note when someone clicks Refresh', async () => {
    await start();
    begins();
    await timePasses(3);
    await bot.slack.as('UBOB').clicks(cards()[0] ?? { channel: '', ts: '' }, 'Refresh');
    await bot.settled();
    expect(cards()[0]?.text).toContain('📣 This channel follows the queue');
  });

  test('is not announced if no one follows the queue', async () => {
    await start(aQueue({ name: 'payments-dlq' }));
    begins();
    await timePasses(300);
    expect(ours()).toEqual([]);
    expect(aws.asked).toEqual([]);
  });
});

describe('when things go wrong', () => {
  test('the connection breaks after Slack accepted the card: it is found by its key, not repeated', async () => {
    await start();
    bot.slack.faults.add({ kind: 'stored-then-reset', method: 'chat.postMessage', times: 1 });
    const task = begins();
    await timePasses(60);
    expect(cards()).toHaveLength(1);
    aws.lists({ ...task, status: 'COMPLETED', statusText: 'COMPLETED', moved: 1000 });
    await timePasses(60);
    expect(firstLines(replies(cards()[0]))).toEqual([expect.stringMatching(/has completed/)]);
  });

  test('the connection breaks before Slack accepted it: still posts it', async () => {
    await start();
    bot.slack.faults.add({ kind: 'reset', method: 'chat.postMessage', times: 2 });
    begins();
    await timePasses(60);
    expect(cards()).toHaveLength(1);
  });

  test('the bot is not in the channel: logs it, and posts it once the bot is invited', async () => {
    await start({ ...followed, notify: 'CRANDOM' });
    begins();
    await timePasses(30);
    const waits = () =>
      bot.lines.filter(({ message }) => message === 'could not announce a redrive; retrying');
    expect(waits()).toHaveLength(1);
    expect(waits()[0]).toMatchObject({
      level: 'warn',
      alias: 'payments-dlq',
      channel: 'CRANDOM',
      why: 'not_in_channel',
    });
    await bot.slack.perform({ do: 'set-bot-member', channel: 'CRANDOM', isMember: true });
    await timePasses(120);
    expect(cards('CRANDOM')).toHaveLength(1);
  });

  test('AWS throttles: polls less and less often, logs it once, and notices when it answers again', async () => {
    await start();
    aws.answers({ ok: false, awsError: anAwsError({ kind: 'throttled' }) });
    await timePasses(3_600);
    expect(aws.asked.length).toBeLessThan(10);
    begins();
    await timePasses(1_100);
    expect(cards()).toHaveLength(1);
    expect(bot.lines.filter(({ message }) => message.includes('poll a followed queue'))).toMatchObject([
      { message: 'could not poll a followed queue; retrying', awsError: 'throttled' },
      { message: 'can poll a followed queue again' },
    ]);
  });
});

describe('who started it', () => {
  let trail: LocalAws;
  let access: RoleAccess;
  const minute = 60_000;

  beforeEach(async () => {
    trail = await startLocalAws({
      roles: [followed.role],
      cloudTrailDelayMs: 5 * minute,
      clock: () => clock,
    });
    stubAwsEnvironment({ sqs: trail.sqsUrl, sts: trail.stsUrl, cloudTrail: trail.cloudTrailUrl });
    access = createRoleAccess({ clock: () => clock });
    bot = await startTestBot({
      moveTasks: aws,
      startCalls: createStartCalls(access),
      queues: [followed, unfollowed],
      clock: () => clock,
    });
    await timePasses(3);
  });
  afterEach(async () => {
    access.stop();
    vi.unstubAllEnvs();
    await trail.stop();
  });

  const startedByAda = (given: Parameters<typeof aTask>[0] = {}) => {
    trail.cloudTrail.record({ queueArn: followed.arn, at: clock });
    return begins(given);
  };
  const lookups = () => trail.requests.filter(({ action }) => action === 'LookupEvents');

  test('is on the card once CloudTrail knows, and stays there after Refresh and at the end', async () => {
    const task = startedByAda();
    await timePasses(92);
    expect(cards()[0]?.text).not.toContain('Started by');
    await timePasses(270);
    expect(cards().map(({ text }) => text)).toEqual([
      expect.stringContaining('👤 Started by `ada@example.com`'),
    ]);
    expect(lookups().length).toBeLessThanOrEqual(3);
    await bot.slack.as('UBOB').clicks(cards()[0] ?? { channel: '', ts: '' }, 'Refresh');
    await bot.settled();
    expect(cards()[0]?.text).toContain('👤 Started by `ada@example.com`');
    aws.lists({ ...task, status: 'COMPLETED', statusText: 'COMPLETED', moved: 1000 });
    await timePasses(120);
    expect(cards()[0]?.text).toContain('✅ Completed');
    expect(cards()[0]?.text).toContain('👤 Started by `ada@example.com`');
    expect(bot.lines.filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([]);
  });

  test('is on the card of a redrive that had ended before it was noticed', async () => {
    startedByAda({ status: 'COMPLETED', moved: 3, toMove: 3 });
    await timePasses(400);
    await bot.slack.as('UBOB').clicks(cards()[0] ?? { channel: '', ts: '' }, 'Refresh');
    await bot.settled();
    expect(cards().map(({ text }) => text)).toEqual([
      expect.stringMatching(/had already ended when the bot noticed it\n👤 Started by `ada@example.com`/),
    ]);
  });

  test.each<[string, string, Record<string, unknown>]>([
    [
      'an ECS task, in a record that names the queue by its task’s handle alone',
      'ECS as worker',
      {
        userIdentity: sessionOf('worker', '99c28596f91341839c1d07da27b65fe2'),
        userAgent: 'aws-sdk-js/3.1169.0 lang/js exec-env/AWS_ECS_FARGATE',
        requestParameters: null,
        responseElements: { taskHandle: handleOf(followed.arn) },
      },
    ],
    [
      'a state machine, in a record that names the queue by its URL and has an empty error code',
      'Step Functions as recovery',
      {
        userIdentity: {
          ...sessionOf('recovery', 'wozynIhxRGfTvfRlXhHKONdyrIaAmRyN'),
          invokedBy: 'states.amazonaws.com',
        },
        errorCode: '',
        requestParameters: { QueueUrl: queueUrl(followed) },
      },
    ],
    [
      'somebody of another account',
      'deploy-7 as partner, delegated to account 444455556666',
      {
        userIdentity: {
          ...sessionOf('partner', 'deploy-7'),
          invokedByDelegate: { accountId: '444455556666' },
        },
      },
    ],
  ])('may be %s; no handle is kept or logged', async (_who, said, record) => {
    trail.cloudTrail.record({ queueArn: followed.arn, at: clock, record });
    begins();
    await timePasses(400);
    expect(cards()[0]?.text).toContain(`👤 Started by \`${said}\``);
    const messages = JSON.stringify([bot.lines, cards()]);
    expect(messages).not.toMatch(/eyJ0YXNrSWQi|taskHandle/);
  });

  test('may be anything, and pings no one and links nowhere', async () => {
    const userName = '`<!channel> <@UBOB> <https://evil.example.com|orders>`';
    trail.cloudTrail.record({
      queueArn: followed.arn,
      at: clock,
      userIdentity: { type: 'IAMUser', userName },
    });
    begins();
    await timePasses(400);
    const [card] = cards();
    expect(card?.text).toContain('👤 Started by `');
    expect(`${card?.text}${JSON.stringify(card?.blocks)}`).not.toMatch(/<!channel>|<@UBOB>|<https:\/\/evil/);
  });

  test('is left out if the role may not ask: logged once, and the redrive is announced as usual', async () => {
    trail.faults.add({ kind: 'deny', service: 'CloudTrail' });
    const task = startedByAda();
    await timePasses(1_000);
    aws.lists({ ...task, status: 'COMPLETED', statusText: 'COMPLETED', moved: 1000 });
    await timePasses(400);
    expect(cards()[0]?.text).not.toContain('Started by');
    expect(firstLines(replies(cards()[0])).at(-1)).toMatch(/has completed/);
    expect(bot.lines.filter(({ message }) => message.includes('CloudTrail'))).toMatchObject([
      { level: 'info', role: followed.role.arn },
    ]);
    expect(lookups()).toHaveLength(1);
  });
});
