import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Queue } from '../domain/queue.ts';
import type { AccessRules } from '../domain/settings.ts';
import { type GroupMembers, refusalOf } from '../operations/access.ts';
import { awsFactsOf } from '../operations/aws-error-facts.ts';
import type { Metrics } from '../operations/metrics.ts';
import { StoreUnusable } from '../operations/watching/watch-store.ts';
import type { Message } from './block-kit.ts';
import { type DeliverDeps, deliver } from './deliver.ts';
import type { ResolveOrigin } from './people.ts';
import { NotDelivered, tryPrivateReply } from './private-reply.ts';
import { type Handler, type Reply, toPerson } from './reply.ts';
import { isAnsweredElsewhere, type SlackRequest } from './request.ts';
import { withoutBody } from './slack-failure.ts';
import { withTypedWords } from './views/actions/answers.ts';
import { refusalView, withErrorId } from './views/private-message.ts';
import { nothingStoredView, stillWaitingView, unexpectedErrorView } from './views/unexpected-error.ts';

export type ListenerDeps = DeliverDeps & {
  queues: readonly Queue[];
  metrics?: Metrics;
  clock: () => number;
  access: AccessRules;
  membersOf: GroupMembers;
  resolveOrigin: ResolveOrigin;
  /** What a person without access can still do; if absent, they are refused. */
  onRefused?: (request: SlackRequest) => Promise<Reply | undefined>;
  newErrorId: () => string;
  /** When to tell a person who sees nothing yet that the answer is coming; 5 s by default. */
  stillWaitingAfterMs?: number;
};

export type Incoming = {
  request: SlackRequest;
  acknowledge: () => Promise<void>;
  /** `once handled`: acknowledge only after the handler has stored its work. */
  when: 'at once' | 'once handled';
  handler: Handler;
};

/** Longer than an overview that waits for slow accounts. */
const stillWaitingAfterMs = 5_000;

/**
 * The one entry point for everything people do: acknowledges, checks access, runs the handler, delivers its
 * reply, and answers with an error ID if anything throws.
 */
export function createListener(deps: ListenerDeps) {
  const pending = new Set<Promise<void>>();
  const waitForTurn = createEventLoopQueue();

  async function keep(work: Promise<void>): Promise<void> {
    pending.add(work);
    await work.finally(() => pending.delete(work));
  }

  /** People who see nothing ask again. The Home and an unacknowledged click already show that they are waiting. */
  async function afterStillWaiting(work: Promise<Reply>, { request, when }: Incoming): Promise<Reply> {
    if (request.isAppHome || request.form || when === 'once handled') return work;
    const afterMs = deps.stillWaitingAfterMs ?? stillWaitingAfterMs;
    const timer = setTimeout(() => keep(replyStillWaiting(request, deps)), afterMs);
    return work.finally(() => clearTimeout(timer));
  }

  async function serve(incoming: Incoming): Promise<void> {
    const { request, acknowledge, when, handler } = incoming;
    const startedAt = deps.clock();
    const errorId = deps.newErrorId();
    try {
      if (when === 'at once') {
        await acknowledged(acknowledge, deps);
        await waitForTurn();
      }
      // Such a handler has stored its work by now.
      if (when === 'once handled' && (await isLeftAlone(request, deps))) return;
      const reply = await afterStillWaiting(answerAllowed(request, handler, deps), incoming);
      if (await isLeftAlone(request, deps)) return;
      if (when === 'once handled') await acknowledged(acknowledge, deps);
      else await waitForTurn();
      const { message, hasErrorId } = reply;
      const shown = hasErrorId ? { ...reply, message: withErrorId(message, errorId) } : reply;
      await deliver(shown, request, { ...deps, errorId });
      const facts = { ...reply, ...(hasErrorId && { errorId }) };
      deps.log.info(recordAnswer(request, facts, startedAt, deps), 'answered');
    } catch (error) {
      if (await isLeftAlone(request, deps)) return;
      await replyFailed(error, request, { errorId, startedAt }, deps);
    }
  }

  return {
    listen: (incoming: Incoming): Promise<void> => keep(serve(incoming)),
    async settled(): Promise<void> {
      while (pending.size > 0) await Promise.allSettled(pending);
    },
  };
}

async function answerAllowed(
  asked: SlackRequest,
  handler: Handler,
  { resolveOrigin, access, membersOf, onRefused }: ListenerDeps,
): Promise<Reply> {
  const request = await resolveOrigin(asked);
  const refusal = await refusalOf(request.person, access, membersOf);
  if (!refusal) return handler(request);
  const done = await onRefused?.(request);
  if (done) return done;
  return toPerson(refusalView(refusal), { outcome: `refused: ${refusal.reason}`, hasErrorId: true });
}

async function acknowledged(acknowledge: () => Promise<void>, { log }: ListenerDeps): Promise<void> {
  await acknowledge().catch((error: unknown) =>
    log.warn({ error }, 'could not acknowledge a request; answering anyway'),
  );
}

/** Another process has the same request and answers it. */
async function isLeftAlone(request: SlackRequest, { log }: ListenerDeps): Promise<boolean> {
  if (!(await isAnsweredElsewhere(request))) return false;
  const { userId: user, channelId: channel } = request.person;
  log.info({ what: request.what, user, channel }, 'ignored a duplicate request');
  return true;
}

async function replyStillWaiting(request: SlackRequest, deps: ListenerDeps): Promise<void> {
  if (await isAnsweredElsewhere(request)) return;
  const failures = await tryPrivateReply(stillWaitingView(), request, deps);
  if (failures.length > 0)
    deps.log.debug({ failures }, 'could not tell a person that the answer will be late');
}

async function replyFailed(
  error: unknown,
  request: SlackRequest,
  { errorId, startedAt }: { errorId: string; startedAt: number },
  deps: ListenerDeps,
): Promise<void> {
  const { submitted } = request;
  async function tell(message: Message, outcome: string): Promise<void> {
    // The form has been closed by now.
    const said = submitted ? withTypedWords(message, submitted.form, submitted.origin.q) : message;
    await deliver(toPerson(said, { outcome }), request, { ...deps, errorId }).catch((why: unknown) =>
      deps.log.error({ errorId, error: withoutBody(why) }, 'could not send the error message to the person'),
    );
  }
  // A click stays unacknowledged, so Slack also shows that it failed. The store logs the details.
  if (error instanceof StoreUnusable) {
    const outcome = `not saved: ${error.trouble.kind}`;
    await tell(nothingStoredView(error.trouble), outcome);
    return deps.log.warn(recordAnswer(request, { outcome }, startedAt, deps), 'answered');
  }
  const outcome = error instanceof NotDelivered ? 'not delivered' : 'unexpected error';
  const facts = recordAnswer(request, { outcome, errorId }, startedAt, deps);
  deps.log.error({ ...facts, error: withoutBody(error) }, 'request failed');
  if (!(error instanceof NotDelivered)) await tell(withErrorId(unexpectedErrorView(), errorId), outcome);
}

/** How a request was answered, for the metrics and as fields of its log line. */
function recordAnswer(
  request: SlackRequest,
  reply: Pick<Reply, 'outcome' | 'queueArn' | 'awsErrors'> & { errorId?: string },
  startedAt: number,
  { queues, metrics, clock }: ListenerDeps,
) {
  const ms = clock() - startedAt;
  metrics?.counted({
    what: 'command',
    how: withoutDetails(request.what),
    outcome: withoutDetails(reply.outcome),
  });
  metrics?.timed({ what: 'command' }, ms);
  const queue = queues.find(({ arn }) => arn === reply.queueArn);
  return {
    what: request.what,
    user: request.person.userId,
    channel: request.person.channelId,
    outcome: reply.outcome,
    ...(reply.queueArn && { queue: reply.queueArn }),
    ...(queue && { alias: queue.alias }),
    ...(reply.errorId && { errorId: reply.errorId }),
    ...(reply.awsErrors && reply.awsErrors.length > 0 && { aws: awsFactsOf(reply.awsErrors) }),
    ms,
  };
}

/** The details follow a colon or are in brackets, and may be anything. */
function withoutDetails(words: string): string {
  return words.split(/[:(]/)[0]?.trim() ?? '';
}

/**
 * Lets waiting requests continue one by one, one in each round of the event loop. New requests are read in
 * between, and so are acknowledged before the work for earlier ones is done.
 */
export function createEventLoopQueue(): () => Promise<void> {
  const oneAtATime = pLimit(1);
  return () => oneAtATime(() => nextTurn());
}

/** Letters and digits that are not confused when read out over the phone. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

export function newErrorId(): string {
  return `E-${[...randomBytes(6)].map((byte) => letters[byte % letters.length]).join('')}`;
}
