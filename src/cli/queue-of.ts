import { parseQueueArn } from '../domain/queue.ts';
import { findQueue } from '../operations/check-queue.ts';
import { type CliContext, UsageError } from './command.ts';
import { seenByAll } from './report-of.ts';
import { settingsOf } from './settings.ts';
import { noReportText } from './text/no-report.ts';

/** The ARN of the queue that is meant. One that is typed as an ARN may have left the settings since. */
export async function queueOf(typed: string, call: CliContext): Promise<{ arn: string }> {
  if (parseQueueArn(typed)) return { arn: typed };
  const { queues } = await settingsOf(call);
  const found = findQueue({ typed, channelId: '', asked: 1 }, seenByAll(queues));
  if ('queue' in found) return found.queue;
  const { answer } = found;
  throw new UsageError(answer.kind === 'report' ? '' : noReportText(answer, call.err.paint));
}
