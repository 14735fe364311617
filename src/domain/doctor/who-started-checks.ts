import { codeAndMessage, type Outcome } from '../aws-error.ts';
import { phrase } from '../phrase.ts';
import type { Queue } from '../queue.ts';
import { type Check, okCheck, unprovenCheck } from './check.ts';

/** What CloudTrail answered, asked as the role and in the region of this queue. */
export type WhoStartedFinding = { queue: Queue; asked: Outcome<unknown> };

/** For one role: one queue with `notify` per region, because CloudTrail is asked region by region. */
export function followedOf(queues: readonly Queue[]): Queue[] {
  const followed = queues.filter(({ notify }) => notify !== undefined);
  return followed.filter(({ region }, i) => followed.findIndex((one) => one.region === region) === i);
}

/** None of this is a fault: cards work without it. */
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
