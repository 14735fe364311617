import type { AwsError } from '../domain/aws-error.ts';
import { explainAwsError } from '../domain/explain-aws-error.ts';
import { parseQueueArn, type Queue, regionAndAccount } from '../domain/queue.ts';
import { visible } from '../domain/wording.ts';
import { checkQueue, findQueue, type NoReport, type QueueReport } from '../operations/check-queue.ts';
import { createPollForPerson, type MoveTasks } from '../operations/move-tasks.ts';
import { type CliContext, CliError, UsageError } from './command.ts';
import { settingsOf } from './settings.ts';
import { type Paint, sentence } from './terminal.ts';

type Given = { call: CliContext; queues: readonly Queue[]; moveTasks: MoveTasks };

/** Polls the queue that was typed. If it can't be shown, it throws with the reason in words. */
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

/** Channels limit what people see in Slack. Here, whoever has the settings and the credentials sees all. */
function seenByAll(queues: readonly Queue[]): Queue[] {
  return queues.map((queue) => ({ ...queue, channels: [] }));
}

/** The ARN of the queue that was typed. An ARN is used as is, because the queue may no longer be in the settings. */
export async function queueOf(typed: string, call: CliContext): Promise<{ arn: string }> {
  if (parseQueueArn(typed)) return { arn: typed };
  const { queues } = await settingsOf(call);
  const found = findQueue({ typed, channelId: '', asked: 1 }, seenByAll(queues));
  if ('queue' in found) return found.queue;
  throw new UsageError(noReportText(found.answer, call.err.paint));
}

function noReportText(answer: NoReport, paint: Paint): string {
  switch (answer.kind) {
    case 'awsError':
      return awsErrorText(answer.queue, answer.awsError, paint);
    case 'choice': {
      const names = `${visible(answer.typed)} matches ${answer.queues.length} queues. Type the ARN of one:`;
      return [
        names,
        ...answer.queues.map((queue) => `  ${queue.arn}  ${paint('dim', regionAndAccount(queue))}`),
      ].join('\n');
    }
    case 'unknown-queue': {
      const near = answer.nearest.map(({ alias }) => alias).join(', ');
      const hint = near === '' ? 'Look up its alias in the settings.' : `Did you mean ${near}?`;
      return `There is no queue ${visible(answer.typed) || '(empty)'} in the settings. ${hint}`;
    }
  }
}

function awsErrorText(queue: Queue, awsError: AwsError, paint: Paint): string {
  const { meaning, remedy } = explainAwsError(awsError, queue);
  const request = awsError.requestId ? `, request ${awsError.requestId}` : '';
  const said = `${awsError.action}: ${visible(awsError.code)}${request}`;
  return [
    `Couldn't check ${queue.name}. ${sentence(meaning, paint)}`,
    sentence(remedy, paint),
    paint('dim', `(${said})`),
  ].join('\n');
}
