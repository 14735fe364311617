import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsFault } from '../../src/sandbox/aws/faults.ts';
import type { SlackFault } from '../../src/sandbox/slack/faults.ts';
import type { Random } from './seeded-random.ts';
import type { Stage } from './stage.ts';

/** Bad days at Slack and AWS, one after another. */
export function startWeather(
  { slack, aws, queues }: Stage,
  random: Random,
  { hardTimesEveryMs = 8_000 } = {},
) {
  const stopped = new AbortController();
  let slackIsBad = true;
  let awsIsBad = true;

  async function now(everyMs: number, badDay: () => void): Promise<void> {
    while (!stopped.signal.aborted) {
      badDay();
      await sleep(random.between(0.5, 1.5) * everyMs);
    }
  }

  /** For so long that the SDK's own tries do not help, and seldom: at one account at a time. */
  function hardTimes(): void {
    if (!awsIsBad) return;
    const { role } = random.pick(queues[0] ?? { role: '' }, ...queues);
    forMs(1_200, aws.faults.add({ ...hardFault(random), role }));
  }

  /** Those that nobody meets go by, or they would pile up. */
  const forMs = (ms: number, end: () => void) => void setTimeout(end, ms).unref();

  const weathers = [
    now(400, () => slackIsBad && forMs(400, slack.faults.add(slackFault(random)))),
    now(400, () => awsIsBad && forMs(600, aws.faults.add(softFault(random)))),
    now(1_500, () => awsIsBad && aws.expireSessions()),
    now(hardTimesEveryMs, hardTimes),
  ];
  return {
    clearsAtAws(): void {
      awsIsBad = false;
      aws.faults.clear();
    },
    clearsAtSlack(): void {
      slackIsBad = false;
      slack.faults.clear();
    },
    async stop(): Promise<void> {
      stopped.abort();
      aws.faults.clear();
      slack.faults.clear();
      await Promise.all(weathers);
    },
  };
}

function slackFault(random: Random): SlackFault {
  const times = random.pick(1, 1, 2);
  const method = random.pick('chat.postMessage', 'chat.postMessage', 'chat.update', 'conversations.replies');
  // Slower than the next process starts, so that it finds the thread still without the post.
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
    refusal(random, times),
  );
}

/** One of each class that leaves the message in its place and with its key. */
function refusal(random: Random, times: number): SlackFault {
  const error = random.pick(
    'team_added_to_org',
    'a_code_never_seen_before',
    'not_in_channel',
    'token_revoked',
    'internal_error',
    'ratelimited',
    'invalid_blocks',
  );
  return { kind: 'error', error, method: random.pick('chat.postMessage', 'chat.update'), times };
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
