import { type AwsError, codeAndMessage, type Outcome } from '../aws-error.ts';
import { compare, type Survey } from '../discovery/survey.ts';
import type { Queue } from '../queue.ts';
import { type Phrase, phrase } from '../wording.ts';
import { type Check, okCheck, unprovenCheck } from './check.ts';
import { rolesInUse } from './role-checks.ts';

// What cards do without. None of it is a fault.

/** Whether the role of a DLQ could count the messages of its one source queue. */
export type SourceFinding = { queue: Queue; arn: string; counted: Outcome<unknown> };

/** One line for each role. */
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

/** What CloudTrail answered, asked as the role and in the region of this queue. */
export type WhoStartedFinding = { queue: Queue; asked: Outcome<unknown> };

/** For one role: one queue with `notify` per region, because CloudTrail is asked region by region. */
export function followedOf(queues: readonly Queue[]): Queue[] {
  const followed = queues.filter(({ notify }) => notify !== undefined);
  return followed.filter(({ region }, i) => followed.findIndex((one) => one.region === region) === i);
}

export function whoStartedChecks(findings: readonly WhoStartedFinding[]): Check[] {
  return findings.map(({ queue, asked }) => {
    const subject = `CloudTrail in ${queue.account.label} (${queue.region})`;
    if (asked.ok) return okCheck('AWS', subject, phrase`can say who started a redrive`);
    const { kind, reason } = asked.awsError;
    return kind === 'access-denied'
      ? unprovenCheck(
          'AWS',
          subject,
          phrase`Cards won't say who started a redrive: ${queue.role.arn} isn't allowed to use ${'cloudtrail:LookupEvents'}${reason === undefined ? '' : phrase`. Reason given by AWS: ${reason}`}.`,
          phrase`If you want cards to show it, allow it in the role's policy. It isn't needed on Lambda.`,
        )
      : unprovenCheck(
          'AWS',
          subject,
          phrase`Couldn't ask who started a redrive (${codeAndMessage(asked.awsError)}).`,
          phrase`Run this again. If this keeps happening, check the network path to CloudTrail in ${queue.region}.`,
        );
  });
}

/**
 * How many DLQs of an account are not in the settings; empty if the role isn't allowed to list them. They
 * may be left out on purpose. `isOver`: there was no time to check all queues.
 */
export function unlistedChecks(
  { account }: Queue,
  surveys: readonly Survey[],
  { queues, isOver }: { queues: readonly Queue[]; isOver: boolean },
): Check[] {
  const subject = `unlisted DLQs in ${account.label}`;
  const command = phrase`${`dlq-tasks discover ${account.label}`}`;
  if (isOver) {
    const finding = phrase`There are too many queues to check all of them here.`;
    return [unprovenCheck('AWS', subject, finding, phrase`Run ${command}, which has no time limit.`)];
  }
  // A missing permission is not a fault, and other errors are reported for the listed queues.
  if (surveys.some(({ awsError }) => awsError !== undefined)) return [];
  const { length } = compare(surveys, queues).missing;
  const places = surveys.map(({ place }) => place.region).join(', ');
  if (length === 0) return [okCheck('AWS', subject, [`none in ${places}`])];
  const count = length === 1 ? '1 DLQ' : `${length} DLQs`;
  return [okCheck('AWS', subject, [`${count} in ${places}; `, ...command, ' shows them'])];
}
