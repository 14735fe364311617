import { type AwsError, codeAndMessage, type Outcome } from '../aws-error.ts';
import { type Phrase, phrase } from '../phrase.ts';
import type { Queue } from '../queue.ts';
import { type Check, okCheck, unprovenCheck } from './check.ts';
import { rolesInUse } from './role-checks.ts';

/** Whether the role of a DLQ could count the messages of its one source queue. */
export type SourceFinding = { queue: Queue; arn: string; counted: Outcome<unknown> };

/** One line for each role. None of this is a fault: cards work without it. */
export function sourceChecks(findings: readonly SourceFinding[]): Check[] {
  return rolesInUse(findings.map(({ queue }) => queue)).map(({ role, queues }) => {
    const subject = `source queues in ${queues[0].account.label}`;
    const failed = findings.flatMap(({ queue, arn, counted }) =>
      queues.includes(queue) && !counted.ok ? [{ arn, awsError: counted.awsError }] : [],
    );
    const worst = failed.find(({ awsError }) => awsError.kind === 'access-denied') ?? failed[0];
    if (!worst) return okCheck('AWS', subject, phrase`cards can show how many messages are in them`);
    const others = failed.length - 1;
    const which = others === 0 ? phrase`${worst.arn}` : phrase`${worst.arn} and ${others} more`;
    const [finding, remedy] = inWords(worst.awsError, { which, role: role.arn, queue: queues[0] });
    return unprovenCheck('AWS', subject, finding, remedy);
  });
}

function inWords(
  awsError: AwsError,
  { which, role, queue }: { which: Phrase; role: string; queue: Queue },
): [Phrase, Phrase] {
  const { kind, reason } = awsError;
  if (kind !== 'access-denied')
    return [
      phrase`Couldn't count the messages in ${which} (${codeAndMessage(awsError)}).`,
      phrase`Run this again. If this keeps happening, check whether the queue still exists.`,
    ];
  const said = reason === undefined ? '' : phrase` Reason given by AWS: ${reason}.`;
  return [
    phrase`Cards won't say how many messages are in ${which}: ${role} isn't allowed to use ${'sqs:GetQueueAttributes'} on it.${said}`,
    phrase`If you want cards to show it, allow it in the role's policy. ${`dlq-tasks policy ${queue.account.label}`} prints what to add.`,
  ];
}
