import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SlackFault } from '../../sandbox/slack/faults.ts';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

/** One refusal of each class, on the wire. The whole table: test/slack/notifier/every-code.test.ts. */
const payments = aQueue({ name: 'payments-dlq' });

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;
let clock: number;

beforeEach(async () => {
  aws = fakeMoveTasks();
  aws.lists(aTask());
  clock = now;
  bot = await startTestBot({
    moveTasks: aws,
    queues: [payments],
    clock: () => clock,
  });
});
afterEach(() => bot[Symbol.asyncDispose]());

const ends = () => bot.slack.state().messages.filter(({ text }) => text.startsWith('✅ *The redrive of'));
const theCard = () => bot.slack.messages('CGENERAL').find(({ text }) => text.startsWith('payments-dlq'));
const warnings = () => bot.lines.filter(({ level }) => level === 'warn' || level === 'error');

async function timePasses(seconds: number) {
  const until = clock + seconds * 1000;
  while (clock < until) {
    clock = Math.min(until, clock + 1000);
    await bot.watcher.tick();
  }
}

/** Ann watches a redrive, which then completes during an outage of Slack. */
async function completesDuring(...faults: SlackFault[]) {
  await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks watch payments-dlq');
  await bot.settled();
  await timePasses(10);
  for (const fault of faults) bot.slack.faults.add(fault);
  aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
  await timePasses(60);
}

type Args = Record<string, unknown>;

/** For this long on the bot's own clock, from the first such call. */
function lasting(seconds: number, isMeant: (args: Args) => boolean = () => true) {
  let until: number | undefined;
  return (args: Args) => {
    if (!isMeant(args)) return false;
    until ??= clock + seconds * 1000;
    return clock < until;
  };
}

const everywhere = (fault: SlackFault): SlackFault[] => [
  { ...fault, method: 'chat.postMessage', when: lasting(6) },
  { ...fault, method: 'chat.update', when: lasting(6) },
];

describe('a redrive completes while Slack answers', () => {
  test.each<[string, SlackFault]>([
    ['team_added_to_org', { kind: 'error', error: 'team_added_to_org' }],
    ['message_limit_exceeded', { kind: 'error', error: 'message_limit_exceeded' }],
    ['a code never seen before', { kind: 'error', error: 'out_of_unicorns' }],
    ['not_in_channel', { kind: 'error', error: 'not_in_channel' }],
    ['token_revoked', { kind: 'error', error: 'token_revoked' }],
    ['internal_error', { kind: 'error', error: 'internal_error' }],
    ['ratelimited', { kind: 'error', error: 'ratelimited' }],
    ['429 without Retry-After', { kind: 'rate-limited', retryAfterSeconds: null }],
    ['503', { kind: 'server-error', status: 503 }],
    ['a page', { kind: 'page' }],
    ['nothing', { kind: 'page', body: '' }],
    ['a page after it was done', { kind: 'stored-then-page' }],
  ])('%s for 6 seconds: the thread says it once, and the card shows it', async (_what, fault) => {
    await completesDuring(...everywhere(fault));
    const inThread = ends().filter(({ threadTs }) => threadTs === theCard()?.ts);
    expect(inThread).toHaveLength(1);
    expect(theCard()?.text).toContain('✅ Completed · 100%');
    const lines = bot.lines.filter(({ level }) => level !== 'debug');
    expect(JSON.stringify(lines)).not.toContain('DOCTYPE');
  });

  test('invalid_blocks for any blocks: posts the same text without them', async () => {
    const hasBlocks = ({ blocks }: Args) => blocks !== undefined && blocks !== '[]';
    await completesDuring({ kind: 'error', error: 'invalid_blocks', when: hasBlocks });
    expect(ends()).toHaveLength(1);
    expect([ends()[0]?.blocks, theCard()?.blocks]).toEqual([undefined, undefined]);
    expect(ends()[0]?.metadata).toBeDefined();
    expect(theCard()?.text).toContain('✅ Completed · 100%');
  });

  test('metadata_too_large, and then drops the connection: found by its words, not repeated', async () => {
    const hasMetadata = ({ metadata }: Args) => metadata !== undefined;
    await completesDuring(
      { kind: 'error', error: 'metadata_too_large', method: 'chat.postMessage', when: hasMetadata },
      { kind: 'stored-then-reset', method: 'chat.postMessage', times: 1 },
    );
    expect(ends()).toHaveLength(1);
    expect(ends()[0]?.metadata).toBeUndefined();
  });

  test('thread_not_found: posts in the channel, with what it is about', async () => {
    const inThread = ({ thread_ts }: Args) => thread_ts !== undefined;
    await completesDuring({
      kind: 'error',
      error: 'thread_not_found',
      method: 'chat.postMessage',
      when: inThread,
    });
    expect(ends()).toHaveLength(1);
    expect(ends()[0]?.threadTs).toBeUndefined();
    expect(ends()[0]?.text).toMatch(
      /\|the redrive> of `payments-dlq` \(prod, eu-west-1\)\. Slack doesn't allow replies/,
    );
  });

  test('thread_not_found, and a late count: the message in the channel still says what it is about', async () => {
    const when = ({ thread_ts }: Args) => thread_ts !== undefined;
    await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks watch payments-dlq');
    await bot.settled();
    await timePasses(10);
    bot.slack.faults.add({ kind: 'error', error: 'thread_not_found', method: 'chat.postMessage', when });
    aws.lists(aTask({ status: 'COMPLETED', moved: 990 }));
    for (let second = 0; ends().length === 0 && second < 60; second += 1) await timePasses(1);
    aws.lists(aTask({ status: 'COMPLETED', moved: 1000 }));
    await timePasses(60);
    expect(ends().map(({ text }) => /^1,000 .*Slack doesn't allow replies/ms.test(text))).toEqual([true]);
  });

  test('not_in_channel for a while: Ann gets one direct message even if the connection drops, and then the thread is updated', async () => {
    const isChannel = ({ channel }: Args) => channel === 'CGENERAL';
    const isDirect = ({ channel }: Args) => channel === 'UANN';
    await completesDuring(
      { kind: 'error', error: 'not_in_channel', method: 'chat.postMessage', when: lasting(90, isChannel) },
      { kind: 'stored-then-reset', method: 'chat.postMessage', when: isDirect, times: 1 },
    );
    expect(ends().map(({ channel }) => channel)).toEqual(['DANN']);
    await timePasses(120);
    expect(ends().map(({ channel }) => channel)).toEqual(['DANN', 'CGENERAL']);
  });

  test('not_in_channel, without direct messages: the thread still gets it', async () => {
    const isChannel = ({ channel }: Args) => channel === 'CGENERAL';
    const isDirect = ({ channel }: Args) => channel === 'UANN';
    await completesDuring(
      { kind: 'error', error: 'not_in_channel', method: 'chat.postMessage', when: lasting(30, isChannel) },
      { kind: 'error', error: 'messages_tab_disabled', method: 'chat.postMessage', when: isDirect },
    );
    await timePasses(60);
    expect(ends().map(({ channel }) => channel)).toEqual(['CGENERAL']);
    expect(warnings().map(({ why }) => why)).toEqual(['not_in_channel', 'messages_tab_disabled']);
  });
});
