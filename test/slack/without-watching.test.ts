import { expect, test } from 'vitest';
import { createPollForPerson } from '../../src/operations/move-tasks.ts';
import { createPollAll } from '../../src/operations/overview.ts';
import { createCommandHandler } from '../../src/slack/command-handler.ts';
import { createLazyHandlers } from '../../src/slack/lazy-handlers.ts';
import { createClickEdits } from '../../src/slack/notifier/click-edits.ts';
import type { SlackRequest } from '../../src/slack/request.ts';
import { aBotIdentity, aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';
import { recordedLog } from '../support/recorded.ts';

const aws = fakeMoveTasks();
aws.lists(aTask(), aTask({ status: 'COMPLETED', startedAt: now - 3_600_000 }));
const clock = () => now;
const deps = {
  queues: [aQueue()],
  moveTasks: aws,
  pollAll: createPollAll({ moveTasks: aws, clock }),
  pollForPerson: createPollForPerson({ moveTasks: aws, clock }),
  clickEdits: createClickEdits({ apiUrl: 'https://slack.com/api/', clock }),
  version: '1.2.3',
  clock,
  identity: aBotIdentity,
  access: { channels: [], users: [], userGroups: [], externalPeople: false },
  membersOf: async () => [],
  resolveOrigin: async <R>(request: R) => request,
  log: recordedLog().log,
};
const handlers = createLazyHandlers(deps);
const onCommand = createCommandHandler(deps, async () => handlers);

const typed = (text: string): SlackRequest => ({
  what: 'command',
  person: { userId: 'UANN', channelId: 'CGENERAL', isExternal: false },
  text,
});

test.each(['orders-dlq', 'orders-dlq 5'])('%s is answered without a button to watch', async (text) => {
  const reply = await onCommand(typed(text));
  expect([reply.to, JSON.stringify(reply)]).toEqual(['channel', expect.not.stringContaining('"watch"')]);
  expect(JSON.stringify(reply)).toContain('Refresh');
});

test.each(['watch orders-dlq', 'unwatch orders-dlq', 'watches'])(
  '%s is answered with why not',
  async (text) => {
    const { to, message } = await onCommand(typed(text));
    expect([to, message.text]).toEqual([
      'person',
      [
        "Watching isn't available: this bot was deployed without its watch function.",
        'Type `/dlq-tasks &lt;queue&gt;` to get the card, and click Refresh on it to see how the redrive is going.',
      ].join('\n'),
    ]);
  },
);

test('a Watch button of former days is answered so, too', async () => {
  expect(await handlers.onWatch(typed('{}'))).toMatchObject({
    to: 'person',
    outcome: 'cannot watch here',
  });
});

test('help does not speak of it', async () => {
  const { message } = await onCommand(typed('help'));
  expect(message.text).not.toContain('watch');
});
