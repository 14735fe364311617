import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsFault } from '../../sandbox/aws/faults.ts';
import type { AwsRequest } from '../../sandbox/aws/request-log.ts';
import type { SlackFault } from '../../sandbox/slack/faults.ts';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';
import { cancelingPeople, fillQueues, runsUntilCanceled } from './cancel-campaign.ts';
import { killAndRestart } from './kills.ts';
import { hasButton } from './people.ts';
import type { Random } from './seeded-random.ts';
import { type Stage, type StageQueue, startStage } from './stage.ts';
import { slackFault } from './weather.ts';

const leads = ['ULEAD0', 'ULEAD1'] as const;
const requesterOf = (index: number) => `UASK${index}`;
/** Of a queue, each with a rate of its own; SQS takes no higher one. */
const mostWishes = 500;

/**
 * Each queue has one requester; two people may approve. Requests are identified by their reason and rate.
 * `messages`: in each of the queues whose redrives are to be canceled.
 */
export async function startActionsStage(queues: number, messages: number): Promise<Stage> {
  const requesters = Array.from({ length: queues }, (_, index) => requesterOf(index));
  const people = [...requesters, ...leads].map((id) => ({ id, name: id, colour: 'teal', teamId: 'T1' }));
  const stage = await startStage({
    ...{ queues, channels: 3 },
    slack: { people, userGroups: { SASK: requesters, SLEADS: [...leads] } },
    redrive: {
      requesters: { userGroups: ['SASK'] },
      approvers: { userGroups: ['SLEADS'] },
      expireAfterMinutes: 60,
      messagesPerSecond: { default: 10, max: mostWishes },
    },
  });
  await fillQueues(stage, messages);
  for (const { arn } of stage.queues) stage.aws.setDepth(arn, { waiting: 40, inFlight: 0, delayed: 0 });
  return stage;
}

export type Wish = { queue: StageQueue; person: string; rate: number; reason: string };

/** SQS lists ten redrives of a queue, and all must be found in the end. */
const mostOfAQueue = 9;

/**
 * Everyone makes requests, double-clicks, and makes another request once the previous one is answered or gets
 * no answer; some cancel what they have started.
 */
export function askAllTheTime(stage: Stage, chance: Random) {
  const wishes: Wish[] = [];
  const calls = collectCalls(stage);
  const starts = () => calls.look().filter(isStart);
  const startsOf = (arn: string) => starts().filter(({ queueArn }) => queueArn === arn);
  let isOver = false;
  const canceling = cancelingPeople(stage, () => isOver);
  const loops = stage.queues.map(async (queue, index) => {
    const random = chance.fork();
    for (let rate = 1; rate <= mostWishes && !isOver; rate += 1) {
      const wish = { queue, person: requesterOf(index), rate, reason: `mended-${index}-${rate}.` };
      wishes.push(wish);
      const request = await requested(wish);
      if (request) await decided(request, random);
      if (request && runsUntilCanceled(index))
        await canceling.cancel(request, [wish.person, leads[1]], random);
      if (startsOf(queue.arn).length >= mostOfAQueue) return;
    }
  });

  async function requested({ queue, person, rate, reason }: Wish): Promise<PageMessage | undefined> {
    const { slack } = stage;
    const channel = `CTEAM${rate % 3}`;
    const me = slack.as(person);
    await me.types(channel, `/dlq-tasks redrive ${queue.name} ${rate}`);
    const isForm = await within(2_000, () => JSON.stringify(me.modal() ?? '').includes('"reason"'));
    if (!isForm) return void (await me.closesModal());
    const submit = () => me.submits({ Reason: reason });
    await Promise.all([submit(), submit()]);
    await me.closesModal();
    const find = () => slack.messages(channel).find(({ text }) => text.includes(reason));
    return within(3_000, find);
  }

  /** A kill may lose a click: then it is clicked again. */
  async function decided(request: PageMessage, random: Random): Promise<void> {
    const { slack } = stage;
    const current = () => slack.messages(request.channel).find(({ ts }) => ts === request.ts);
    const isOpen = () => /Waiting for approval|Starting…|No clear answer/.test(current()?.text ?? '');
    const label = random.pick('Approve', 'Approve', 'Approve', 'Approve', 'Approve', 'Decline');
    while (!isOver && isOpen()) {
      const click = async (person: string) => void (await slack.as(person).clicks(request, label));
      if (hasButton(current()?.blocks, label)) await Promise.all([...leads, leads[0]].map(click));
      await sleep(100);
    }
  }

  async function within<T>(ms: number, find: () => T | undefined | false): Promise<T | undefined> {
    const patience = ms * stage.server.slowness();
    for (let waited = 0; waited < patience && !isOver; waited += 25) {
      const found = find();
      if (found) return found;
      await sleep(25);
    }
    return find() || undefined;
  }

  return {
    wishes,
    starts,
    cancels: () => calls.look().filter(isCancel),
    cancelClicks: canceling.clicks,
    async stop(): Promise<void> {
      isOver = true;
      await Promise.all(loops);
      calls.stop();
    },
  };
}
export type AskingPeople = ReturnType<typeof askAllTheTime>;

const [start, cancel] = ['StartMessageMoveTask', 'CancelMessageMoveTask'] as const;
const isStart = ({ action }: AwsRequest) => action === start;
const isCancel = ({ action }: AwsRequest) => action === cancel;
const isCall = (request: AwsRequest) => isStart(request) || isCancel(request);

/** All requests on the wire; the sandbox itself keeps only the newest ones. */
function collectCalls({ aws }: Stage) {
  const calls = new Set<AwsRequest>();
  const look = () => {
    for (const request of aws.requests) if (isCall(request)) calls.add(request);
    return [...calls];
  };
  const timer = setInterval(look, 50);
  return { look, stop: () => clearInterval(timer) };
}

/** Between the request, or the click on Cancel…, and its call, and around both. */
export async function killBetween(
  stage: Stage,
  random: Random,
  { kills, patienceMs }: { kills: number; patienceMs: number },
): Promise<void> {
  const { slack, aws, log } = stage;
  const posted = () => slack.callsOf('chat.postMessage').length;
  const edited = () => slack.callsOf('chat.update').length;
  const roleAssumed = () => aws.requests.findLast(({ role }) => role.endsWith('-redrive'));
  const asked = (which: typeof isCall) => () => aws.requests.findLast(which);
  const answered = (which: typeof isCall) => () =>
    aws.requests.findLast((request) => which(request) && request.status > 0);
  const moments = [
    ...[posted, edited, roleAssumed, roleAssumed, log.cancelsCommitted, log.cancelsCommitted],
    ...[isStart, isStart, isCancel, isCancel].flatMap((which) => [asked(which), answered(which)]),
  ];
  for (let killed = 0; killed < kills; killed += 1) {
    const moment = random.pick<(typeof moments)[number] | 'any'>('any', ...moments);
    await killAndRestart(stage, random, moment, patienceMs);
  }
  await stage.server.ready();
}

/** Possible faults of a start or a cancel, and on the way to it. */
export function startBadDays({ aws, slack }: Stage, chance: Random) {
  const random = chance.fork();
  const timers = [
    setInterval(() => forMs(600, aws.faults.add(callFault(start, random))), 300),
    setInterval(() => forMs(600, aws.faults.add(callFault(cancel, random))), 300),
    setInterval(() => forMs(400, aws.faults.add(otherFault(random))), 900),
    setInterval(() => forMs(300, slack.faults.add(slackFault(random))), 900),
    setInterval(() => forMs(500, slack.faults.add(metadataRefused)), 1_700),
    setInterval(() => aws.showStartsAfter(random.pick(0, 0, 0, 2_500)), 500),
  ];
  const forMs = (ms: number, end: () => void) => void setTimeout(end, ms).unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
    aws.showStartsAfter(0);
    aws.faults.clear();
    slack.faults.clear();
  };
}

const metadataRefused: SlackFault = {
  ...{ kind: 'error', error: 'metadata_too_large', method: 'chat.postMessage' },
  when: ({ metadata }) => metadata !== undefined,
};

function callFault(action: typeof start | typeof cancel, random: Random): AwsFault {
  return {
    ...{ service: 'SQS', action, times: 1 },
    ...random.pick<AwsFault>(
      { kind: 'done-then-reset' },
      { kind: 'done-then-error' },
      { kind: 'done-then-page' },
      { kind: 'done-then-slow', ms: 400 },
      { kind: 'slow', ms: 300 },
      { kind: 'throttle' },
      { kind: 'reset' },
      { kind: 'deny' },
    ),
  };
}

function otherFault(random: Random): AwsFault {
  return random.pick<AwsFault>(
    { kind: 'error', service: 'STS', times: 1 },
    { kind: 'throttle', service: 'SQS', action: 'ListMessageMoveTasks', times: 1 },
    { kind: 'reset', service: 'SQS', action: 'ListMessageMoveTasks', times: 2 },
    { kind: 'slow', ms: 200, times: 2 },
  );
}
