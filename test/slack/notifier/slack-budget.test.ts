import { expect, test } from 'vitest';
import { createRateLimits } from '../../../sandbox/slack/rate-limits.ts';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import type { Queue } from '../../../src/domain/queue.ts';
import { defaultWatchSettings } from '../../../src/domain/settings.ts';
import { createCardOrder } from '../../../src/slack/card-order.ts';
import { createSlackNotifier } from '../../../src/slack/notifier/slack-notifier.ts';
import { boltLogger, promptClient } from '../../../src/slack/slack-client.ts';
import { aQueue, now as began } from '../../support/builders.ts';
import { openLocalEngine } from '../../support/local-engine.ts';

const second = 1_000;
const minute = 60 * second;
/** How far the clock moves at a time. */
const step = 200;

const [watches, ending, crowd, lasts] = [200, 50, 20, 285 * second];

type Redrive = { queue: Queue; card: { channel: string; ts: string }; endsAt: number };
type Call = { method: string; channel: string; ts: string; thread: string; key: string; at: number };

/**
 * All are moving. Many end at one moment in one channel, some end one after another elsewhere, the rest
 * continues.
 */
const redrives = Array.from({ length: watches }, (_, index): Redrive => {
  const sooner = lasts * (0.2 + (0.6 * (index - crowd)) / (ending - crowd));
  return {
    queue: aQueue({ name: `queue-${index}-dlq` }),
    card: {
      channel: index < crowd ? 'CCROWD' : `C${Math.floor(index / 5)}`,
      ts: `1600000000.${String(index).padStart(6, '0')}`,
    },
    endsAt: began + (index < crowd ? lasts / 2 : index < ending ? sooner : 60 * minute),
  };
});
const byArn = new Map(redrives.map((redrive) => [redrive.queue.arn, redrive]));

function taskAt({ endsAt }: Redrive, now: number): MoveTask {
  const startedAt = began - minute;
  const share = Math.min(1, (now - startedAt) / (endsAt - startedAt));
  const status = share < 1 ? 'RUNNING' : 'COMPLETED';
  return { status, statusText: status, moved: Math.floor(share * 1e6), toMove: 1e6, startedAt };
}

/**
 * Slack's documented limits, enforced strictly: the sandbox's buckets, and never more than 50 edits in any
 * minute.
 */
function strictSlack(clock: () => number) {
  const limits = createRateLimits(clock);
  const [taken, refused]: [Call[], Call[]] = [[], []];
  const editsInAMinute = () =>
    taken.filter(({ method, at }) => method === 'chat.update' && at > clock() - minute).length;

  const fetch = async (url: unknown, request: { body?: unknown } = {}) => {
    const fallback = new URLSearchParams(String(request.body));
    const field = (name: string) => fallback.get(name) ?? '';
    const call = {
      method: String(url).split('/').at(-1) ?? '',
      channel: field('channel'),
      ts: field('ts'),
      thread: field('thread_ts'),
      key: String(JSON.parse(field('metadata') || '{}').event_payload?.key),
      at: clock(),
    };
    const wait =
      limits.retryAfter(call.method, call.channel) ??
      (call.method === 'chat.update' && editsInAMinute() >= 50 ? 60 : undefined);
    (wait === undefined ? taken : refused).push(call);
    if (wait === undefined) return Response.json({ ok: true, ts: call.ts || `17.${taken.length}` });
    const headers = { 'retry-after': String(wait) };
    return Response.json({ ok: false, error: 'ratelimited' }, { status: 429, headers });
  };
  return { fetch, taken, refused };
}

/** The real engine, notifier and client on a clock that jumps, against that Slack. */
async function watchThemAll() {
  let now = began;
  const clock = () => now;
  const slack = strictSlack(clock);
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const endSeenAt = new Map<string, number>();
  const connection = { botToken: 'xoxb-1', apiUrl: 'http://slack/api/', logger: boltLogger(log) };
  const queueOf = (arn: string) => byArn.get(arn)?.queue;
  const notifier = createSlackNotifier({
    client: promptClient({ ...connection, fetch: slack.fetch }),
    identity: {
      botId: 'B1',
      botUserId: 'U1',
      botName: 'bot',
      teamId: 'T1',
      workspaceUrl: 'http://slack/',
      scopes: [],
    },
    cards: createCardOrder(),
    queueOf,
    log,
    clock,
  });
  const watcher = await openLocalEngine({
    file: ':memory:',
    moveTasks: {
      list: async ({ arn }) => {
        const redrive = byArn.get(arn);
        if (!redrive) return { ok: true, value: [] };
        const task = taskAt(redrive, now);
        if (task.status === 'COMPLETED' && !endSeenAt.has(redrive.card.ts))
          endSeenAt.set(redrive.card.ts, now);
        return { ok: true, value: [task] };
      },
      depth: async () => ({ ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } }),
    },
    notifier,
    settings: defaultWatchSettings,
    queueOf,
    log,
    clock,
    random: () => 0.5,
  });
  for (const { queue, card } of redrives)
    await watcher.watch({ queue, card, startedAt: began - minute, user: 'UANN' });
  for (; now < began + lasts; now += step) await watcher.tick();
  await watcher.stop();
  return { ...slack, endSeenAt };
}

const longest = (values: number[]) => values.reduce((one, other) => Math.max(one, other), 0);

test("200 active watches stay within Slack's limits, use them fully, and report each end as soon as possible", async () => {
  const { taken, refused, endSeenAt } = await watchThemAll();
  expect([refused, endSeenAt.size]).toEqual([[], ending]);
  const sinceEnd = (ts: string, at: number) => at - (endSeenAt.get(ts) ?? 0);

  const edits = taken.filter(({ method }) => method === 'chat.update');
  const inTheMinuteFrom = (from: number) => edits.filter(({ at }) => at >= from && at < from + minute).length;
  expect(longest(edits.map(({ at }) => inTheMinuteFrom(at)))).toBeLessThanOrEqual(50);
  expect(edits.length).toBeGreaterThan((45 * lasts) / minute);
  const finalEdits = new Map(edits.map(({ ts, at }) => [ts, at]));
  const waits = [...endSeenAt.keys()].map((ts) => sinceEnd(ts, finalEdits.get(ts) ?? Infinity));
  expect(longest(waits)).toBeLessThanOrEqual(30 * second);

  const posts = taken.filter(({ method }) => method === 'chat.postMessage');
  const ofChannels = [...Map.groupBy(posts, ({ channel }) => channel).values()];
  const gaps = ofChannels.flatMap((of) => of.slice(1).map(({ at }, index) => at - (of[index]?.at ?? 0)));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(second);

  const notifications = posts.filter(({ key }) => key.endsWith('/ended'));
  expect(notifications.map(({ thread }) => thread).toSorted()).toEqual([...endSeenAt.keys()].toSorted());
  const [inTheCrowd = [], elsewhere = []] = [true, false].map((crowded) =>
    notifications
      .filter(({ channel }) => (channel === 'CCROWD') === crowded)
      .map(({ thread, at }) => sinceEnd(thread, at)),
  );
  expect(longest(elsewhere)).toBe(0);
  expect(inTheCrowd).toEqual(Array.from({ length: crowd }, (_, place) => place * second));
}, 60_000);
