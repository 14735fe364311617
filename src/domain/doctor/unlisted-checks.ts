import { compare } from '../discovery/compare.ts';
import type { Survey } from '../discovery/survey.ts';
import { phrase } from '../phrase.ts';
import type { Queue } from '../queue.ts';
import { type Check, okCheck, unprovenCheck } from './check.ts';

/**
 * How many DLQs of an account are not in the settings; empty if the role isn't allowed to list them. None of this is a
 * fault: they may be left out on purpose. `isOver`: there was no time to check all queues.
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
