import type { AccessRules } from '../domain/access-rules.ts';
import type { Queue } from '../domain/queue.ts';
import { type GroupMembers, refusalOf } from '../operations/access.ts';
import { awsFactsOf } from '../operations/aws-facts.ts';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import { StoreUnusable } from '../operations/watching/store-unusable.ts';
import { type DeliverDeps, deliver } from './deliver.ts';
import type { WhereFrom } from './people.ts';
import { NotDelivered, tryPrivateReply } from './private-reply.ts';
import type { Reply } from './reply.ts';
import { isAnsweredElsewhere, type SlackRequest } from './request.ts';
import { withoutBody } from './slack-failure.ts';
import { refusalView } from './views/private-message.ts';
import { nothingStoredView, stillWaitingView, unexpectedErrorView } from './views/unexpected-error.ts';

/** Answers one kind of request. It says what is to be said; it never talks to Slack. */
export type Handler = (request: SlackRequest, errorId: string) => Promise<Reply>;

export type ListenerDeps = DeliverDeps & {
  access: AccessRules;
  membersOf: GroupMembers;
  whereFrom: WhereFrom;
  queues: readonly Queue[];
  /** What is done even for somebody who may not use the bot; nothing: they are refused. */
  evenIfRefused?: (request: SlackRequest) => Promise<Reply | undefined>;
  log: Log;
  metrics?: Metrics;
  clock: () => number;
  newErrorId: () => string;
  /** When a person who sees nothing yet is told that the answer is still to come; after 5 s when not given. */
  lateAfterMs?: number;
};

export type Incoming = {
  request: SlackRequest;
  acknowledge: () => Promise<void>;
  /** Once handled: when the acknowledgement is a promise that the handler's work is kept, come what may. */
  when: 'at once' | 'once handled';
  handler: Handler;
};

/** Longer than an overview takes that waits for slow accounts. */
const lateAfterMs = 5_000;

/**
 * The one way in for all that people do: acknowledges, checks who may, runs the handler, delivers its reply,
 * and answers with an error id when anything throws.
 */
export function createListener(deps: ListenerDeps) {
  const pending = new Set<Promise<void>>();
  const myTurn = createEventLoopQueue();

  async function answer(asked: SlackRequest, handler: Handler, errorId: string): Promise<Reply> {
    const request = await deps.whereFrom(asked);
    const refusal = await refusalOf(request.asker, deps.access, deps.membersOf);
    if (!refusal) return handler(request, errorId);
    const done = await deps.evenIfRefused?.(request);
    if (done) return done;
    return {
      to: 'asker',
      message: refusalView(refusal, errorId),
      outcome: `refused: ${refusal.reason}`,
      errorId,
    };
  }

  /** Who waits in the dark asks again. The Home and a click that is not acknowledged yet show by themselves that they wait. */
  async function afterStillWaiting(work: Promise<Reply>, { request, when }: Incoming): Promise<Reply> {
    if (request.isAppHome || when === 'once handled') return work;
    const timer = setTimeout(() => keep(replyStillWaiting(request)), deps.lateAfterMs ?? lateAfterMs);
    return work.finally(() => clearTimeout(timer));
  }

  async function replyStillWaiting(request: SlackRequest): Promise<void> {
    if (await isAnsweredElsewhere(request)) return;
    const failures = await tryPrivateReply(stillWaitingView(), request, deps);
    if (failures.length > 0) deps.log.debug({ failures }, 'somebody waits and could not be told so');
  }

  async function acknowledged(acknowledge: () => Promise<void>): Promise<void> {
    await acknowledge().catch((error: unknown) =>
      deps.log.warn({ error }, 'an acknowledgement did not reach Slack; answering all the same'),
    );
  }

  async function serve(incoming: Incoming): Promise<void> {
    const { request, acknowledge, when, handler } = incoming;
    const startedAt = deps.clock();
    const errorId = deps.newErrorId();
    try {
      if (when === 'at once') {
        await acknowledged(acknowledge);
        await myTurn();
      }
      // What such a handler does is kept.
      if (when === 'once handled' && (await isLeftAlone(request))) return;
      const reply = await afterStillWaiting(answer(request, handler, errorId), incoming);
      if (await isLeftAlone(request)) return;
      if (when === 'once handled') await acknowledged(acknowledge);
      else await myTurn();
      await deliver(reply, request, { ...deps, errorId });
      deps.log.info(factsOf(request, reply, measured(request, reply.outcome, startedAt)), 'answered');
    } catch (error) {
      if (await isLeftAlone(request)) return;
      if (error instanceof StoreUnusable) return replyNothingStored(error, incoming, { errorId, startedAt });
      const outcome = error instanceof NotDelivered ? 'not told' : 'mishap';
      const facts = factsOf(request, { outcome, errorId }, measured(request, outcome, startedAt));
      deps.log.error({ ...facts, error: withoutBody(error) }, 'could not be answered');
      if (outcome === 'mishap') await tellUnexpectedError(request, errorId);
    }
  }

  /** Another process has the same request, and answers it. */
  async function isLeftAlone(request: SlackRequest): Promise<boolean> {
    if (!(await isAnsweredElsewhere(request))) return false;
    const { userId: user, channelId: channel } = request.asker;
    deps.log.info({ what: request.what, user, channel }, 'left alone: it has come twice');
    return true;
  }

  /** How long it took, counted and timed for whoever reads the numbers. */
  function measured({ what }: SlackRequest, outcome: string, startedAt: number): number {
    const ms = deps.clock() - startedAt;
    deps.metrics?.counted({ what: 'command', how: inBrief(what), outcome: inBrief(outcome) });
    deps.metrics?.timed({ what: 'command' }, ms);
    return ms;
  }

  function factsOf(request: SlackRequest, reply: Partial<Reply>, ms: number) {
    const queue = deps.queues.find(({ arn }) => arn === reply.queueArn);
    return {
      what: request.what,
      user: request.asker.userId,
      channel: request.asker.channelId,
      ...(reply.outcome && { outcome: reply.outcome }),
      ...(reply.queueArn && { queue: reply.queueArn }),
      ...(queue && { alias: queue.alias }),
      ...(reply.errorId && { errorId: reply.errorId }),
      ...(reply.awsErrors && reply.awsErrors.length > 0 && { aws: awsFactsOf(reply.awsErrors) }),
      ms,
    };
  }

  async function tellUnexpectedError(request: SlackRequest, errorId: string): Promise<void> {
    await notify({ to: 'asker', message: unexpectedErrorView(errorId), outcome: 'mishap' }, request, errorId);
  }

  async function notify(reply: Reply, request: SlackRequest, errorId: string): Promise<void> {
    await deliver(reply, request, { ...deps, errorId }).catch((error: unknown) =>
      deps.log.error({ errorId, error: withoutBody(error) }, 'the person could not be told'),
    );
  }

  /** A click stays unacknowledged: Slack shows, too, that nothing came of it. The store's own line in the log says more. */
  async function replyNothingStored(
    { trouble }: StoreUnusable,
    { request }: Incoming,
    { errorId, startedAt }: { errorId: string; startedAt: number },
  ): Promise<void> {
    const outcome = `not kept: ${trouble.kind}`;
    const reply: Reply = { to: 'asker', message: nothingStoredView(trouble), outcome };
    await notify(reply, request, errorId);
    deps.log.warn(factsOf(request, reply, measured(request, outcome, startedAt)), 'answered');
  }

  async function keep(work: Promise<void>): Promise<void> {
    pending.add(work);
    await work.finally(() => pending.delete(work));
  }

  return {
    listen: (incoming: Incoming): Promise<void> => keep(serve(incoming)),
    /** Resolves when everything that was asked has been answered. */
    async settled(): Promise<void> {
      while (pending.size > 0) await Promise.allSettled(pending);
    },
  };
}

/** Without the details behind a colon or in brackets, which may be anything. */
function inBrief(words: string): string {
  return words.split(/[:(]/)[0]?.trim() ?? '';
}

/**
 * Lets those who wait go on one after another, one in each round of the event loop. What has come in meanwhile is read
 * between two of them, and so is acknowledged before the work for those who came earlier is done.
 */
export function createEventLoopQueue(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const letOneGo = () => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(letOneGo);
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(letOneGo);
    });
}
