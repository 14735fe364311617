import type { Queue } from '../domain/queue.ts';
import type { QueueReport } from '../operations/answer.ts';
import { checkQueue } from '../operations/check-queue.ts';
import type { MoveTasks } from '../operations/move-tasks.ts';
import { createPollForPerson } from '../operations/poll-for-person.ts';
import { type CliContext, CliError, UsageError } from './command.ts';
import { noReportText } from './text/no-report.ts';

type Given = { call: CliContext; queues: readonly Queue[]; moveTasks: MoveTasks };

/** One look at the queue that is meant; whatever keeps it from being shown is thrown in words. */
export async function reportOf(
  typed: string,
  asked: number,
  { call: { clock, err }, queues, moveTasks }: Given,
): Promise<QueueReport> {
  const deps = { queues: seenByAll(queues), pollForPerson: createPollForPerson({ moveTasks, clock }) };
  const answer = await checkQueue({ typed, channelId: '', asked }, deps);
  if (answer.kind === 'report') return answer.report;
  const text = noReportText(answer, err.paint);
  throw answer.kind === 'awsError' ? new CliError(text) : new UsageError(text);
}

/** Channels guard what people see in Slack. Here it is whoever holds the settings and the keys. */
export function seenByAll(queues: readonly Queue[]): Queue[] {
  return queues.map((queue) => ({ ...queue, channels: [] }));
}
