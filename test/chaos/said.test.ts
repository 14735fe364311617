import { expect, test } from 'vitest';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';
import type { Notification } from '../../src/domain/watch/notification.ts';
import { keyedBy } from '../../src/slack/notifier/find-message.ts';
import { directView, notificationView, outOfThreadView } from '../../src/slack/views/notification.ts';
import { anAwsError, aQueue, aTask } from '../support/builders.ts';
import { isDirect, kindOf, saidOf, toldTwice } from './said.ts';

const queue = aQueue();
const card = { channel: 'C1', ts: '100.1' };
const where = { card, queue, identity: { workspaceUrl: 'http://slack.test/', botName: 'dlq-tasks' } };
const ended = notificationView(
  { kind: 'ended', task: aTask({ status: 'COMPLETED' }), timing: { atMostMs: 60_000 } },
  queue,
  ['UANN'],
);
const joined = notificationView({ kind: 'joined', user: 'UANN' }, queue, ['UANN']);

const thread = { channel: 'C1', threadTs: '100.1', text: ended.text };
const channel = { channel: 'C1', text: outOfThreadView(ended, where).text };
const direct = { channel: 'DANN', text: directView(ended, where).text };
const other = { channel: 'C1', threadTs: '100.2', text: ended.text };

const slackWith = (...messages: Partial<PageMessage>[]) =>
  ({
    state: () => ({
      messages: messages.map((one, index) => ({ ts: `200.${index}`, author: 'UBOT', ...one })),
    }),
  }) as unknown as Parameters<typeof toldTwice>[0];
const keyed = (key: string) => ({ metadata: keyedBy(key) });

test('finds a notification in the thread and in the channel, with and without its key', () => {
  const slack = slackWith(thread, channel, direct, other, { channel: 'C1', text: 'orders-dlq' });
  expect(saidOf({ card }, slack).map(({ ts }) => ts)).toEqual(['200.0', '200.1']);
  const { messages } = slack.state();
  expect(messages.map(kindOf)).toEqual(['ended', 'ended', 'ended', 'ended', '']);
  expect(messages.filter(isDirect).map(({ ts }) => ts)).toEqual(['200.2']);
});

test.each<[string, Partial<PageMessage>[]]>([
  [
    'the same key',
    [
      { ...thread, ...keyed('1/ended') },
      { ...channel, ...keyed('1/ended') },
    ],
  ],
  ['no key and a key', [{ ...thread, ...keyed('1/ended') }, channel]],
  ['no keys', [thread, channel]],
  ['no keys, directly', [direct, direct]],
  [
    'no keys, of who has joined',
    [
      { ...thread, text: joined.text },
      { ...thread, text: joined.text },
    ],
  ],
])('counts as reported twice with %s', (_, messages) => {
  expect(toldTwice(slackWith(...messages)).length).toBeGreaterThan(0);
});

test('may also be a direct message, and another card has its own', () => {
  const besides = { ...direct, ...keyed('1/ended/to/UANN') };
  expect(toldTwice(slackWith({ ...thread, ...keyed('1/ended') }, besides, other))).toEqual([]);
  expect(toldTwice(slackWith(channel, direct, other))).toEqual([]);
});

test.each<Notification>([
  { kind: 'joined', user: 'UANN' },
  { kind: 'ended', task: aTask({ status: 'FAILED' }), timing: { atMostMs: 60_000 } },
  { kind: 'bounced-back', depth: 4, more: 3, sinceEndMs: 60_000 },
  { kind: 'coming-back', atLeast: 40, task: aTask() },
  { kind: 'cannot-see', awsError: anAwsError(), forMs: 300_000 },
  { kind: 'can-see-again', forMs: 300_000 },
])('recognizes a notification without its key by its words: $kind', (notification) => {
  const { text } = notificationView(notification, queue, []);
  const [message] = slackWith({ text }).state().messages;
  expect(message && kindOf(message)).toBe(notification.kind);
});
