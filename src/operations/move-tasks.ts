import type { Outcome } from '../domain/aws-error.ts';
import type { Depth, MoveTask, SourceDepth } from '../domain/move-task.ts';
import { isFinished } from '../domain/move-task-status.ts';
import { parseQueueArn, type Queue } from '../domain/queue.ts';
import { createExpiring } from './expiring.ts';
import type { StartCalls } from './following/ask-who-started.ts';
import type { Metrics } from './metrics.ts';
import { within } from './within.ts';

/**
 * Port: what the bot asks SQS. Neither call throws because of AWS or the network. A call whose signal is aborted
 * returns an AWS error.
 */
export type MoveTasks = {
  /** The newest tasks of the queue, newest first, at most `atMost` (1 to 10). One ListMessageMoveTasks call. */
  list(queue: Queue, atMost: number, signal?: AbortSignal): Promise<Outcome<MoveTask[]>>;
  /** How many messages are in the queue now. One GetQueueAttributes call. */
  depth(queue: Queue, signal?: AbortSignal): Promise<Outcome<Depth>>;
  /**
   * How many messages wait where those of a running task go. Undefined where that is not known, not allowed, or more
   * than one queue. Absent: never asked.
   */
  source?(queue: Queue, task: MoveTask): Promise<SourceDepth | undefined>;
};

/** The same port with each call timed and each AWS error counted. */
export function measuredMoveTasks(moveTasks: MoveTasks, metrics: Metrics, clock: () => number): MoveTasks {
  const measured = measuring(metrics, clock);
  return {
    list: (queue, atMost, signal) => measured('ListMessageMoveTasks', moveTasks.list(queue, atMost, signal)),
    depth: (queue, signal) => measured('GetQueueAttributes', moveTasks.depth(queue, signal)),
  };
}

/** The same for CloudTrail. */
export function measuredStartCalls(
  startCalls: StartCalls,
  metrics: Metrics,
  clock: () => number,
): StartCalls {
  const measured = measuring(metrics, clock);
  return { find: (queue, span) => measured('LookupEvents', startCalls.find(queue, span)) };
}

function measuring(metrics: Metrics, clock: () => number) {
  return async <V>(action: string, call: Promise<Outcome<V>>): Promise<Outcome<V>> => {
    const sentAt = clock();
    const answer = await call;
    const outcome = answer.ok ? 'ok' : answer.awsError.kind;
    metrics.timed({ what: 'aws call', action, outcome }, clock() - sentAt);
    if (!answer.ok) metrics.counted({ what: 'aws error', kind: answer.awsError.kind });
    return answer;
  };
}

type PersonsView = {
  /** When the poll began, epoch milliseconds. */
  seenAt: number;
  tasks: Outcome<MoveTask[]>;
  depth: Outcome<Depth>;
  /** Of the newest task, while it runs. */
  source: SourceDepth | undefined;
};

export type PollForPerson = (queue: Queue, asked: number) => Promise<PersonsView>;

/** A person who asks later than this after a poll began may know something that the poll does not show. */
const sharedForMs = 1_000;

/**
 * People who ask the same while a recent poll is running share its answer: in an incident many people ask
 * about one queue, and SQS throttles. Nothing is cached after the poll, and `seenAt` is when it really began,
 * so that cards stay in order.
 */
export function createPollForPerson(deps: { moveTasks: MoveTasks; clock: () => number }): PollForPerson {
  const underWay = new Map<string, { seenAt: number; found: Promise<PersonsView> }>();

  async function poll(queue: Queue, asked: number, seenAt: number): Promise<PersonsView> {
    const { moveTasks } = deps;
    const listed = moveTasks.list(queue, asked);
    const asksSource = listed.then(async (tasks) => {
      const [newest] = tasks.ok ? tasks.value : [];
      return newest && moveTasks.source?.(queue, newest);
    });
    const [tasks, depth, source] = await Promise.all([listed, moveTasks.depth(queue), asksSource]);
    return { seenAt, tasks, depth, source };
  }

  return (queue, asked) => {
    const key = `${queue.arn} ${asked}`;
    const seenAt = deps.clock();
    const young = underWay.get(key);
    if (young && seenAt - young.seenAt < sharedForMs) return young.found;
    const found = poll(queue, asked, seenAt).finally(() => {
      if (underWay.get(key)?.found === found) underWay.delete(key);
    });
    underWay.set(key, { seenAt, found });
    return found;
  };
}

export type SourceDepthDeps = {
  depth: MoveTasks['depth'];
  /** ARNs of the queues that use it as their dead-letter queue. */
  sources(queue: Queue): Promise<Outcome<readonly string[]>>;
  clock: () => number;
};

const minute = 60_000;
/** The names of source queues hardly ever change. */
const sourcesLastMs = 15 * minute;
/** How long to leave a role alone if it isn't allowed to ask; after any other failure, a minute. */
const deniedLastsMs = 30 * minute;
const failureLastsMs = minute;
/** No one waits longer for a number that is only nice to have. */
const patienceMs = 2_000;

/**
 * How many messages wait where a running task's messages go. Undefined where AWS does not say, or where the messages go
 * to more than one queue; that is no error to anybody.
 */
export function createSourceDepth({ depth, sources, clock }: SourceDepthDeps): Required<MoveTasks>['source'] {
  const lifeOf = (answer: Outcome<unknown>, readAt: number) => {
    const lastsMs = answer.ok ? sourcesLastMs : lastsAfter(answer);
    return { freshUntil: readAt + lastsMs, servesUntil: readAt + lastsMs };
  };
  const known = createExpiring<Outcome<readonly string[]>>({ clock, lifeOf });
  const silentUntil = new Map<string, number>();

  async function sourceOf(queue: Queue, { destinationArn }: MoveTask): Promise<string | undefined> {
    if (destinationArn !== undefined) return destinationArn;
    const found = await known.get(queue.arn, () => sources(queue));
    const [only, ...others] = found.ok ? found.value : [];
    return others.length === 0 ? only : undefined;
  }

  async function ask(queue: Queue, task: MoveTask): Promise<SourceDepth | undefined> {
    const arn = await sourceOf(queue, task);
    const parts = arn === undefined ? undefined : parseQueueArn(arn);
    if (arn === undefined || parts?.accountId !== queue.accountId || parts.region !== queue.region)
      return undefined;
    const key = `${queue.role.arn} ${arn}`;
    if (clock() < (silentUntil.get(key) ?? 0)) return undefined;
    const found = await depth({ ...queue, ...parts, arn });
    if (found.ok) return { name: parts.name, depth: found.value };
    silentUntil.set(key, clock() + lastsAfter(found));
    return undefined;
  }

  return async (queue, task) => {
    if (isFinished(task)) return undefined;
    const asked = ask(queue, task).catch(() => undefined);
    return within(patienceMs, asked, () => undefined);
  };
}

function lastsAfter({ awsError }: Extract<Outcome<unknown>, { ok: false }>): number {
  return awsError.kind === 'access-denied' || awsError.kind === 'queue-missing'
    ? deniedLastsMs
    : failureLastsMs;
}
