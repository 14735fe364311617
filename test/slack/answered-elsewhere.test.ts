import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WatchView } from '../../src/operations/watching/watches.ts';
import { createSlackApp } from '../../src/slack/app.ts';
import { fetchBotIdentity } from '../../src/slack/bot-identity.ts';
import { createCardOrder } from '../../src/slack/card-order.ts';
import { createLambdaReceiver } from '../../src/slack/lambda-receiver.ts';
import { createClickEdits } from '../../src/slack/notifier/click-edits.ts';
import { boltLogger, promptClient } from '../../src/slack/slack-client.ts';
import { botToken, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { openToAll } from '../support/bot.ts';
import { aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';
import { fakeWatches } from '../support/fake-watches.ts';
import { recordedLog } from '../support/recorded.ts';

const queue = aQueue();
const task = aTask();
const button = JSON.stringify({ q: queue.arn, n: 1, s: task.startedAt });
const command = (text: string) => ({
  command: '/dlq-tasks',
  text,
  user_id: 'UANN',
  channel_id: 'CGENERAL',
  team_id: 'T1',
});
const click = (action_id: string) => ({
  type: 'block_actions',
  user: { id: 'UANN', team_id: 'T1' },
  team: { id: 'T1' },
  channel: { id: 'CGENERAL' },
  container: { type: 'message', channel_id: 'CGENERAL' },
  message: { ts: '1700000000.000001' },
  actions: [{ type: 'button', action_id, block_id: 'b', value: button }],
});

let slack: Awaited<ReturnType<typeof startTestSlack>>;
beforeEach(async () => {
  slack = await startTestSlack();
});
afterEach(() => slack.stop());

/** The bot as in the worker, and everything it has said, changed and logged. */
async function aBot({ access = openToAll, moveTasks = fakeMoveTasks(), stillWaitingAfterMs = 60_000 } = {}) {
  const { log, lines } = recordedLog();
  const connection = { botToken, apiUrl: slack.apiUrl, logger: boltLogger(log) };
  const client = promptClient(connection);
  const identity = await fetchBotIdentity(client);
  const receiver = createLambdaReceiver();
  const changes: string[] = [];
  const watched: WatchView = {
    queueArn: queue.arn,
    startedAt: now,
    watchers: ['UANN'],
    phase: 'running',
    card: { channel: 'CGENERAL', ts: '1700000000.000001' },
  };
  const watches = fakeWatches({
    watch: async () => {
      changes.push('watch');
      return { kind: 'began', watch: watched };
    },
    unwatch: async () => {
      changes.push('unwatch');
      return [watched];
    },
    list: async () => [watched],
  });
  createSlackApp({
    ...connection,
    receiver,
    client,
    identity,
    cards: createCardOrder(),
    clickEdits: createClickEdits({ apiUrl: slack.apiUrl, clock: () => now }),
    watches,
    access,
    log,
    newErrorId: () => 'E-1',
    queues: [queue],
    moveTasks,
    version: '1.2.3',
    stillWaitingAfterMs,
    clock: () => now,
  });
  slack.calls.length = 0;
  const receive = (body: object, isOurs: boolean | Promise<boolean>) =>
    receiver.receive({ body: { ...body }, headers: {} }, { isOurs: Promise.resolve(isOurs) });
  const logged = () => lines.filter(({ level }) => level !== 'debug').map(({ message }) => message);
  return { receive, changes, logged };
}

const looking = () => {
  const aws = fakeMoveTasks();
  aws.lists(task);
  return aws;
};
const failing = () => ({
  ...fakeMoveTasks(),
  list: () => Promise.reject(new Error('a bug')),
});
const refusing = { ...openToAll, users: ['UBOB'] };

test.each<[string, object, Parameters<typeof aBot>[0]?]>([
  ['a card', command('orders-dlq'), { moveTasks: looking() }],
  ['private words', command('help')],
  ['a watch that is typed', command('watch orders-dlq'), { moveTasks: looking() }],
  ['an unwatch that is typed', command('unwatch orders-dlq')],
  ['a refusal', command('orders-dlq'), { access: refusing }],
  ['an unwatch of somebody who is refused', command('unwatch orders-dlq'), { access: refusing }],
  ['Watch', click('watch')],
  ['Unwatch', click('unwatch')],
  ['Unwatch of somebody who is refused', click('unwatch'), { access: refusing }],
  ['a mishap', command('orders-dlq'), { moveTasks: failing() }],
])('%s: handled only by the process that has the request', async (_, body, given) => {
  const other = await aBot(given);
  await other.receive(body, false);
  expect([slack.calls, other.changes, other.logged()]).toEqual([[], [], ['ignored a duplicate request']]);

  const one = await aBot(given);
  await one.receive(body, true);
  expect(slack.calls.length + one.changes.length).toBeGreaterThan(0);
  expect(one.logged()).not.toContain('ignored a duplicate request');
});

test('calls AWS before it is known who answers, and only the process with the request asks for patience', async () => {
  const known = Promise.withResolvers<boolean>();
  const answers = Promise.withResolvers<void>();
  const aws = looking();
  aws.waitsFor(answers.promise);
  const [other, one] = [
    await aBot({ moveTasks: aws, stillWaitingAfterMs: 0 }),
    await aBot({ moveTasks: aws, stillWaitingAfterMs: 0 }),
  ];
  const received = [
    other.receive(command('orders-dlq'), known.promise),
    one.receive(
      command('orders-dlq'),
      known.promise.then((isKnown) => !isKnown),
    ),
  ];
  await expect.poll(() => aws.asked).toHaveLength(2);
  expect(slack.calls).toEqual([]);
  known.resolve(false);
  await expect.poll(() => slack.callsOf('chat.postEphemeral').length).toBeGreaterThan(0);
  answers.resolve();
  await Promise.all(received);
  expect(slack.calls.map(({ method }) => method)).toEqual(['chat.postEphemeral', 'chat.postMessage']);
});
