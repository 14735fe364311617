import { type Outcome, saidIn } from '../aws-error.ts';
import { phrase } from '../phrase.ts';
import type { Queue } from '../queue.ts';
import { type Check, isOpen, isRight } from './check.ts';

/** What CloudTrail answered, asked as the role and in the region of this queue. */
export type WhoStartedFinding = { queue: Queue; asked: Outcome<unknown> };

/** Of the queues of one role one with `notify` for each region: CloudTrail is asked region by region. */
export function followedOf(queues: readonly Queue[]): Queue[] {
  const followed = queues.filter(({ notify }) => notify !== undefined);
  return followed.filter(({ region }, i) => followed.findIndex((one) => one.region === region) === i);
}

/** Nothing of it is a fault: the cards do without. */
export function whoStartedChecks(findings: readonly WhoStartedFinding[]): Check[] {
  return findings.map(({ queue, asked }) => {
    const subject = `CloudTrail of ${queue.account.label} (${queue.region})`;
    if (asked.ok) return isRight('AWS', subject, phrase`tells who started a redrive`);
    const { kind, reason } = asked.awsError;
    return kind === 'access-denied'
      ? isOpen(
          'AWS',
          subject,
          phrase`Cards will not say who started a redrive: ${queue.role.arn} may not use ${'cloudtrail:LookupEvents'}${reason === undefined ? '' : phrase`, AWS says: ${reason}`}.`,
          phrase`Allow it in the role's policy, if you want to see that. On Lambda it is not needed.`,
        )
      : isOpen(
          'AWS',
          subject,
          phrase`It could not be asked who started a redrive (${saidIn(asked.awsError)}).`,
          phrase`Run this again. If it stays so, check the way to CloudTrail in ${queue.region}.`,
        );
  });
}
