import { describe, expect, test } from 'vitest';
import type { Following } from '../../../src/domain/following/following.ts';
import { cardStateOf } from '../../../src/domain/watch/card-state.ts';
import type { OutboxEntry } from '../../../src/domain/watch/notification.ts';
import { addToOutbox, emptyOutbox, type StoredWatch } from '../../../src/domain/watch/outbox.ts';
import { announcePending } from '../../../src/operations/following/announce-pending.ts';
import type { FollowStore } from '../../../src/operations/following/follow-store.ts';
import { deliverCardUpdate, deliverNotifications } from '../../../src/operations/watching/deliver-outbox.ts';
import { createCardOrder } from '../../../src/slack/card-order.ts';
import { type CodeClass, classOf } from '../../../src/slack/error-codes.ts';
import { createSlackNotifier } from '../../../src/slack/notifier/slack-notifier.ts';
import { aTask, aWatch, noon } from '../../domain/watch/a-watch.ts';
import { aQueue } from '../../engine/a-world.ts';
import { memoryStore } from '../../operations/watching/memory-store.ts';
import { aBotIdentity } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';
import { knownCodes } from '../../support/slack-codes.ts';
import { type Answer, clientAnsweredBy, oddAnswers, slackInProcess } from '../../support/slack-in-process.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const answers: [string, Answer][] = [
  ...[...knownCodes, 'a_code_never_seen_before'].map((code): [string, Answer] => [code, code]),
  ...Object.entries(oddAnswers),
];
const codesOf = (kind: CodeClass) => knownCodes.filter((code) => classOf(code) === kind);

const queue = { ...aQueue(), notify: 'C1' };
const task = aTask({ status: 'COMPLETED', moved: 100 });
const watch = aWatch({ phase: 'settling', seen: { task, at: noon } });
const ended: OutboxEntry = {
  kind: 'notification',
  key: 'w1/ended',
  notification: { kind: 'ended', task, timing: { atMostMs: 60_000 } },
};
const state = cardStateOf(watch);
const cardUpdate: OutboxEntry[] = state ? [{ kind: 'card', state }] : [];
const storedWith = (notify: OutboxEntry[]): StoredWatch => ({
  watch,
  outbox: addToOutbox(emptyOutbox, notify, noon),
});

/** The delivering half of a watch, from the outbox to Slack's answers, with a clock that a test moves. */
function aNotifier(stored: StoredWatch = storedWith([])) {
  const world = { now: noon };
  const clock = () => world.now;
  const { log, lines } = recordedLog();
  const slack = slackInProcess(clock);
  const client = clientAnsweredBy(slack.send, log);
  const notifier = createSlackNotifier({
    client,
    identity: aBotIdentity,
    cards: createCardOrder(),
    queueOf: () => queue,
    log,
    clock,
  });
  const store = memoryStore(stored);
  let following: Following = { queueArn: queue.arn, announcements: [] };
  const announced: string[] = [];
  const followStore: FollowStore = {
    read: async () => following,
    update: async (_arn, how) => {
      following = how(following);
      return following;
    },
    watchedCard: async () => undefined,
    announced: async (key, { card }) => {
      announced.push(card.ts);
      following = { ...following, announcements: following.announcements.filter((one) => one.key !== key) };
    },
    answered: async () => undefined,
  };
  const ports = { notifier, clock, random: () => 0.5, log };
  async function pass(ms: number, step = second) {
    for (const until = world.now + ms; world.now < until; world.now += step) {
      const outbox = store.stored.get('w1')?.outbox;
      const isDone =
        outbox?.cardUpdate === undefined &&
        outbox?.notifications.every(({ deliveredVersion }) => deliveredVersion > 0);
      const notifyPorts = { ...ports, store, rules: { queueOf: () => queue } };
      if (!isDone)
        await Promise.all(
          [deliverNotifications, deliverCardUpdate].map((notify) => notify('w1', clock(), notifyPorts)),
        );
      await announcePending(queue, { ...ports, store: followStore, announcer: notifier });
    }
  }
  const announce = () =>
    followStore.update(queue.arn, (before) => ({
      ...before,
      announcements: [
        {
          key: 'began',
          startedAt: noon,
          seen: { task, at: noon },
          maybeDelivered: false,
          since: noon,
          notBefore: noon,
          failures: 0,
        },
      ],
    }));
  const kindsOfLines = () => lines.filter(({ level }) => level === 'error').map(({ message }) => message);
  return {
    world,
    slack,
    store,
    lines,
    pass,
    announce,
    announced,
    stored: () => store.stored.get('w1'),
    kindsOfLines,
  };
}

/** No log line or message may contain a page. */
function expectNoPage(given: ReturnType<typeof aNotifier>) {
  expect(JSON.stringify([given.lines, given.slack.said()])).not.toContain('DOCTYPE');
}

describe('an error for 6 seconds hides nothing', () => {
  test.each(answers)(
    '%s: reports how the redrive ended once, within 15 seconds after',
    async (_name, answer) => {
      const given = aNotifier(storedWith([ended]));
      given.slack.answers({ answer, until: noon + 6 * second });
      await given.pass(21 * second);
      const result = given.slack
        .said()
        .filter(({ text, channel }) => channel === 'C1' && text.includes('has completed'));
      expect(result).toHaveLength(1);
      expect(given.kindsOfLines()).toEqual([]);
      expectNoPage(given);
    },
  );

  test.each(answers)('%s: shows the final card', async (name, answer) => {
    const given = aNotifier(storedWith(cardUpdate));
    given.slack.answers({ answer, until: noon + 6 * second });
    await given.pass(21 * second);
    const isGone = classOf(name) === 'message-gone';
    expect(given.slack.said().map(({ text }) => text.includes('✅ Completed'))).toEqual(isGone ? [] : [true]);
    expect([given.stored()?.watch.cardGone, given.stored()?.outbox.cardUpdate]).toEqual([isGone, undefined]);
    expect(given.kindsOfLines()).toEqual([]);
    expectNoPage(given);
  });

  test.each(answers)('%s: announces a started redrive once', async (_name, answer) => {
    const given = aNotifier();
    await given.announce();
    given.slack.answers({ answer, until: noon + 6 * second });
    await given.pass(21 * second);
    const posted = given.slack.said();
    expect([posted.length, given.announced]).toEqual([1, posted.map(({ ts }) => ts)]);
    expect(given.kindsOfLines()).toEqual([]);
    expectNoPage(given);
  });
});

test.each([20, 100, 300, 590])(
  'after an outage of %i seconds the end and the card come within 15 seconds',
  async (seconds) => {
    const given = aNotifier(storedWith([ended, ...cardUpdate]));
    given.slack.answers({ answer: { status: 503 }, until: noon + seconds * second });
    await given.pass((seconds + 16) * second);
    expect(given.stored()?.outbox).toMatchObject({
      notifications: [{ deliveredVersion: 1 }],
      cardUpdate: undefined,
    });
    expect(given.slack.said().map(({ channel }) => channel)).toEqual(['C1', 'C1']);
  },
);

describe('for as long as Slack refuses', () => {
  test.each(codesOf('content'))('the blocks (%s), posts only the text, with its key', async (answer) => {
    const given = aNotifier(storedWith([ended, ...cardUpdate]));
    await given.announce();
    given.slack.answers({ answer, when: (_method, { blocks = '[]' }) => blocks !== '[]' });
    await given.pass(5 * second);
    const [notification] = given.slack.said().filter(({ threadTs }) => threadTs);
    expect(notification).toMatchObject({
      key: 'w1/ended',
      blocks: 0,
      text: expect.stringContaining('has completed'),
    });
    expect(given.slack.said().map(({ blocks }) => blocks)).toEqual([0, 0, 0]);
  });

  test.each(codesOf('metadata'))(
    'the metadata (%s), posts without it, and finds it by its text',
    async (answer) => {
      const given = aNotifier(storedWith([ended]));
      given.slack.answers({ answer, when: (_method, { metadata }) => metadata !== undefined });
      await given.announce();
      await given.pass(5 * second);
      const result = given.slack.said();
      expect(result.map(({ key }) => key)).toEqual([undefined, undefined]);
      expect(given.stored()?.outbox.notifications).toMatchObject([
        { deliveredVersion: 1, fallback: { bare: result[0]?.text } },
      ]);
    },
  );

  test.each(codesOf('thread'))(
    'the thread (%s), posts in the channel, with what it is about',
    async (answer) => {
      const given = aNotifier(storedWith([ended]));
      given.slack.answers({ answer, when: (_method, { thread_ts }) => thread_ts !== undefined });
      await given.pass(3 * second);
      const result = given.slack.said();
      expect(result).toMatchObject([
        { channel: 'C1', key: 'w1/ended', text: expect.stringContaining('|the redrive> of') },
      ]);
      expect(result[0]).not.toHaveProperty('threadTs');
    },
  );

  test.each(codesOf('channel-closed'))(
    'the channel (%s), sends each watcher one direct message',
    async (answer) => {
      const watchers = ['U1', 'U2'];
      const given = aNotifier({ ...storedWith([ended, ...cardUpdate]), watch: { ...watch, watchers } });
      given.slack.answers({ answer, until: noon + hour, when: (_method, { channel }) => channel === 'C1' });
      await given.pass(hour + 5 * minute, 5 * second);
      const directs = given.slack.said().filter(({ channel }) => channel.startsWith('D'));
      expect(directs.map(({ channel, key }) => [channel, key])).toEqual([
        ['D1', 'w1/ended/to/U1'],
        ['D2', 'w1/ended/to/U2'],
      ]);
      expect(directs[0]?.text).toContain("The bot can't post there right now, so it's telling you here.");
      const inChannel = given.slack.said().filter(({ channel }) => channel === 'C1');
      expect(inChannel.map(({ text }) => /has completed|✅ Completed/.exec(text)?.[0])).toHaveLength(2);
      expect(given.stored()?.outbox.notifications).toMatchObject([{ key: 'w1/ended', deliveredVersion: 1 }]);
    },
  );

  test.each([
    ['channel_not_found', 'messages_tab_disabled'],
    ['is_archived', 'user_not_found'],
    ['restricted_action', 'a_code_never_seen_before'],
  ])('the channel (%s) and direct messages (%s), nothing breaks', async (answer, direct) => {
    const given = aNotifier(storedWith([ended]));
    given.slack.answers({ answer, until: noon + 10 * second });
    await given.pass(10 * second);
    given.slack.answers({ answer: direct, when: (_method, { channel = '' }) => !channel.startsWith('C') });
    await given.pass(minute);
    expect(given.slack.said()).toMatchObject([{ channel: 'C1', key: 'w1/ended' }]);
    expect(given.stored()?.outbox.notifications).toHaveLength(1);
  });
});

describe('a message in doubt', () => {
  test('that Slack accepted only without metadata is found by its exact text, and not posted again', async () => {
    const given = aNotifier(storedWith([ended]));
    given.slack.answers({
      answer: 'metadata_too_large',
      when: (_method, { metadata }) => metadata !== undefined,
    });
    await given.pass(3 * second);
    expect(given.slack.said()).toHaveLength(1);
    const outbox = given.stored()?.outbox;
    const doubtful = {
      ...outbox,
      notifications: (outbox?.notifications ?? []).map((one) => ({
        ...one,
        deliveredVersion: 0,
        maybeDelivered: true,
      })),
    };
    given.store.stored.set('w1', { watch, outbox: doubtful });
    await given.pass(10 * second);
    expect(given.slack.said()).toHaveLength(1);
    expect(given.stored()?.outbox.notifications).toMatchObject([
      { deliveredVersion: 1, maybeDelivered: false },
    ]);
  });
});

describe('a whole day of', () => {
  const aDay = 24 * hour + 6 * minute;
  test.each<[string, Answer, number, number]>([
    ['refusals', 'team_added_to_org', 250, 400],
    ['a closed channel', 'is_archived', 250, 400],
    ['a revoked token', 'token_revoked', 250, 400],
    ['trouble', { status: 503 }, 1_400, 1_900],
    ['pages', oddAnswers['HTTP 200 with a page'] ?? '', 1_400, 1_900],
  ])(
    '%s: retried, then dropped with a log line that names what is lost',
    async (_name, answer, atLeast, atMost) => {
      const given = aNotifier(storedWith([ended, ...cardUpdate]));
      given.slack.answers({ answer, when: (_method, { channel }) => channel === 'C1' });
      await given.pass(2 * minute);
      await given.pass(aDay, 5 * second);
      const posts = given.slack.calls.filter(
        ({ method, args }) => method === 'chat.postMessage' && args['channel'] === 'C1',
      );
      const edits = given.slack.calls.filter(({ method }) => method === 'chat.update');
      const searches = given.slack.calls.filter(({ method }) => method === 'conversations.replies');
      expect(posts.length + searches.length).toBeGreaterThan(atLeast);
      expect(posts.length + searches.length).toBeLessThan(atMost);
      expect(edits.length).toBeGreaterThan(atLeast);
      expect(given.stored()?.outbox).toEqual({ notifications: [], cardUpdate: undefined });
      const lost = given.lines.filter(({ level }) => level === 'error');
      const names = { queue: queue.arn, alias: queue.alias, channel: 'C1', watchers: ['U1'] };
      expect(lost.map(({ why: _, ...line }) => line)).toEqual(
        expect.arrayContaining([
          {
            level: 'error',
            watch: 'w1',
            ...names,
            key: 'w1/ended',
            message: 'could not deliver a notification; giving up',
          },
          {
            level: 'error',
            watch: 'w1',
            ...names,
            message: 'could not update a card; giving up and leaving it as is',
          },
        ]),
      );
      expectNoPage(given);
    },
  );
});
