import type { Outcome } from '../../domain/aws-error.ts';
import { dueQuestions, unanswered } from '../../domain/following/following.ts';
import { type StartCall, startCallOf, startSpan, type TaskStart } from '../../domain/following/start-call.ts';
import type { Queue } from '../../domain/queue.ts';
import { awsFacts } from '../aws-error-facts.ts';
import type { Log } from '../log.ts';
import type { FollowStore } from './follow-store.ts';

export type AskPorts = { store: FollowStore; startCalls: StartCalls; clock: () => number; log: Log };

/** Queues of one role and region: one call asks about all of them. */
export type AskedTogether = readonly [Queue, ...Queue[]];

/** Asks who started the tasks for which that is due. `denied`: the role isn't allowed to ask, and the questions are dropped. */
export async function askWhoStarted(queues: AskedTogether, ports: AskPorts): Promise<'asked' | 'denied'> {
  const { startCalls, log } = ports;
  const due = await dueIn(queues, ports);
  if (due.length === 0) return 'asked';
  const found = await startCalls.find(queues[0], spanOf(due));
  if (!found.ok && found.awsError.kind === 'access-denied') {
    log.info(
      { role: queues[0].role.arn, aws: [awsFacts(found.awsError)] },
      "cards won't say who started a redrive: the role isn't allowed to use CloudTrail",
    );
    await dropQuestions(queues, ports);
    return 'denied';
  }
  if (!found.ok)
    log.debug(
      { awsError: found.awsError.kind, aws: [awsFacts(found.awsError)] },
      'could not ask CloudTrail who started a redrive; retrying',
    );
  const calls = found.ok ? found.value : [];
  for (const task of due) await answer(task, startCallOf(calls, task), ports);
  return 'asked';
}

/** Drops the questions: the cards won't say who started the tasks. */
export async function dropQuestions(
  queues: readonly Queue[],
  { store }: Pick<AskPorts, 'store'>,
): Promise<void> {
  for (const { arn } of queues) {
    const { questions = [] } = await store.read(arn);
    if (questions.length > 0) await store.update(arn, (following) => ({ ...following, questions: [] }));
  }
}

async function dueIn(queues: AskedTogether, { store, clock }: AskPorts): Promise<TaskStart[]> {
  const followings = await Promise.all(queues.map(({ arn }) => store.read(arn)));
  return followings.flatMap((following) =>
    dueQuestions(following, clock()).map(({ askAt: _, ...start }) => ({
      queueArn: following.queueArn,
      ...start,
    })),
  );
}

async function answer(
  { queueArn, startedAt }: TaskStart,
  call: ReturnType<typeof startCallOf>,
  { store, clock, log }: AskPorts,
): Promise<void> {
  if (!call) {
    await store.update(queueArn, (following) => unanswered(following, startedAt, clock()));
    return;
  }
  await store.answered(queueArn, startedAt, call.by);
  log.info({ queue: queueArn, startedAt }, 'found out who started a redrive');
}

function spanOf(tasks: readonly TaskStart[]): Span {
  const spans = tasks.map(({ startedAt }) => startSpan(startedAt));
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
}

/** Epoch milliseconds. */
export type Span = { from: number; to: number };

/**
 * Port: the calls that started tasks of any queue in the account and region of `queue`, as far as CloudTrail has recorded
 * them: it is minutes late. Asked as the queue's role.
 */
export type StartCalls = { find(queue: Queue, span: Span): Promise<Outcome<StartCall[]>> };
