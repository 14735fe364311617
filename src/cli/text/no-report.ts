import type { AwsError } from '../../domain/aws-error.ts';
import { explainAwsError } from '../../domain/explain-aws-error.ts';
import { type Queue, regionAndAccount } from '../../domain/queue.ts';
import type { Answer } from '../../operations/answer.ts';
import { harmless, type Paint, sentence } from './paint.ts';

type NoReport = Exclude<Answer, { kind: 'report' }>;

/** Why there is no card to show, and what to do. */
export function noReportText(answer: NoReport, paint: Paint): string {
  switch (answer.kind) {
    case 'awsError':
      return awsErrorText(answer.queue, answer.awsError, paint);
    case 'choice': {
      const names = `${harmless(answer.typed)} names ${answer.queues.length} queues. Type the ARN of one:`;
      return [
        names,
        ...answer.queues.map((queue) => `  ${queue.arn}  ${paint('dim', regionAndAccount(queue))}`),
      ].join('\n');
    }
    case 'unknown-queue': {
      const near = answer.nearest.map(({ alias }) => alias).join(', ');
      const hint = near === '' ? 'Look into the settings for its alias.' : `Did you mean ${near}?`;
      return `There is no queue ${harmless(answer.typed) || '(empty)'} in the settings. ${hint}`;
    }
    default:
      return 'This cannot be shown on the command line.';
  }
}

function awsErrorText(queue: Queue, awsError: AwsError, paint: Paint): string {
  const { meaning, remedy } = explainAwsError(awsError, queue);
  const request = awsError.requestId ? `, request ${awsError.requestId}` : '';
  const said = `${awsError.action}: ${harmless(awsError.code)}${request}`;
  return [
    `Could not check ${queue.name}. ${sentence(meaning, paint)}`,
    sentence(remedy, paint),
    paint('dim', `(${said})`),
  ].join('\n');
}
