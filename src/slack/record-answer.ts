import type { Queue } from '../domain/queue.ts';
import { awsFactsOf } from '../operations/aws-facts.ts';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Reply } from './reply.ts';
import type { SlackRequest } from './request.ts';

export type RecordAnswerDeps = {
  queues: readonly Queue[];
  log: Log;
  metrics?: Metrics;
  clock: () => number;
};

/** How a request was answered, for the metrics and as fields of its log line. */
export function recordAnswer(
  request: SlackRequest,
  reply: Partial<Reply> & { outcome: string },
  startedAt: number,
  { queues, metrics, clock }: RecordAnswerDeps,
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
