import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsFault } from '../../sandbox/aws/faults.ts';
import type { SlackFault } from '../../sandbox/slack/faults.ts';
import type { Random } from './seeded-random.ts';
import { anyRefusal, socketSpells, spells } from './spells.ts';
import type { Stage } from './stage.ts';

type Given = { hardTimesEveryMs?: number; spellsEveryMs?: number; spellsLastMs?: [number, number] };

/** Faults at Slack, at AWS and on the machine, one after another. */
export function startWeather(
  stage: Stage,
  chance: Random,
  { hardTimesEveryMs = 8_000, spellsEveryMs = 500, spellsLastMs = [500, 1_500] }: Given = {},
) {
  const { slack, aws, queues } = stage;
  const stopped = new AbortController();
  const cleared = new AbortController();
  const met: string[] = [];
  let awsIsCleared = false;
  const awsIsBad = () => !awsIsCleared && !stage.awsIsSpared();

  async function now(everyMs: number, badDay: (random: Random) => unknown): Promise<void> {
    const random = chance.fork();
    while (!stopped.signal.aborted) {
      await badDay(random);
      await sleep(random.between(0.5, 1.5) * everyMs);
    }
  }

  const isBad = () => !cleared.signal.aborted;
  const untilCleared = (ms: number) =>
    sleep(ms, undefined, { signal: cleared.signal }).catch(() => undefined);

  /** One at a time, and each of them once before any is repeated. */
  async function spellsPass(): Promise<void> {
    const random = chance.fork();
    while (isBad()) {
      const all = { ...spells, ...(stage.isSocketMode && socketSpells) };
      for (const [name, spell] of random.shuffle(Object.entries(all))) {
        if (!isBad()) return;
        met.push(name);
        await spell(stage, random, () => untilCleared(random.between(...spellsLastMs)));
        await untilCleared(random.between(0.5, 1.5) * spellsEveryMs);
      }
    }
  }

  /** Longer than the SDK's own retries, and rarely: at one account at a time. */
  function hardTimes(random: Random): void {
    if (!awsIsBad()) return;
    const { role } = random.pick(queues[0] ?? { role: '' }, ...queues);
    forMs(1_200, aws.faults.add({ ...hardFault(random), role }));
  }

  /** Faults that affect no request are removed, or they would pile up. */
  const forMs = (ms: number, end: () => void) => void setTimeout(end, ms).unref();

  const passing = spellsPass();
  const weathers = [
    now(400, (random) => isBad() && forMs(400, slack.faults.add(slackFault(random)))),
    now(400, (random) => awsIsBad() && forMs(600, aws.faults.add(softFault(random)))),
    now(1_500, () => awsIsBad() && aws.expireSessions()),
    now(hardTimesEveryMs, hardTimes),
  ];
  return {
    clearsAtAws(): void {
      awsIsCleared = true;
      aws.faults.clear();
    },
    /** At Slack, and on the machine. */
    async clearsElsewhere(): Promise<void> {
      cleared.abort();
      await passing;
      slack.faults.clear();
    },
    inWords: () => `after these spells: ${met.join(', ')}`,
    async stop(): Promise<void> {
      stopped.abort();
      cleared.abort();
      await passing;
      aws.faults.clear();
      slack.faults.clear();
      await Promise.all(weathers);
    },
  };
}

export function slackFault(random: Random): SlackFault {
  const times = random.pick(1, 1, 2);
  const method = random.pick('chat.postMessage', 'chat.postMessage', 'chat.update', 'conversations.replies');
  // Slower than the next process starts, so that it searches the thread before the post is there.
  const slowMs = random.between(100, method === 'chat.postMessage' ? 1_500 : 400);
  return random.pick<SlackFault>(
    { kind: 'rate-limited', retryAfterSeconds: 1, method, times },
    { kind: 'server-error', method, times },
    { kind: 'reset', method, times },
    { kind: 'stored-then-reset', method, times },
    { kind: 'stored-then-server-error', method, times },
    { kind: 'stored-then-slow', ms: slowMs, method, times },
    { kind: 'slow', ms: slowMs, method, times },
    { kind: 'reset', method: 'response_url', times },
    { kind: 'page', method, times },
    { kind: 'stored-then-page', method, times },
    anyRefusal(random, times),
  );
}

function softFault(random: Random): AwsFault {
  const times = random.pick(1, 2);
  return random.pick<AwsFault>(
    { kind: 'throttle', code: random.pick('Throttling', 'RequestThrottled'), times },
    { kind: 'error', times },
    { kind: 'error', code: 'ServiceUnavailable', status: 503, service: 'STS', times },
    { kind: 'reset', times },
    { kind: 'slow', ms: random.between(50, 400), times: times * 2 },
    { kind: 'expire-credentials', times },
  );
}

function hardFault(random: Random): AwsFault {
  return random.pick<AwsFault>(
    { kind: 'deny' },
    { kind: 'deny', service: 'STS' },
    { kind: 'throttle' },
    { kind: 'error' },
    { kind: 'reset' },
  );
}
