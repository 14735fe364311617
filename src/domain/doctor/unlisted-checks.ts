import { compare } from '../discovery/compare.ts';
import type { Survey } from '../discovery/survey.ts';
import { phrase } from '../phrase.ts';
import type { Queue } from '../queue.ts';
import { type Check, isOpen, isRight } from './check.ts';

/**
 * How many DLQs of an account the settings do not list; nothing where the role may not look for them. None of it is a
 * fault: what is left out may be left out on purpose. `isOver`: there was no time to ask about all of them.
 */
export function unlistedChecks(
  { account }: Queue,
  surveys: readonly Survey[],
  { queues, isOver }: { queues: readonly Queue[]; isOver: boolean },
): Check[] {
  const subject = `unlisted DLQs of ${account.label}`;
  const command = phrase`${`dlq-tasks discover ${account.label}`}`;
  if (isOver) {
    const finding = phrase`There are too many queues to look at all of them here.`;
    return [isOpen('AWS', subject, finding, phrase`${command} takes the time it needs.`)];
  }
  // That it may not look is no fault, and what else is wrong is said of the queues that are listed.
  if (surveys.some(({ awsError }) => awsError !== undefined)) return [];
  const { length } = compare(surveys, queues).missing;
  const places = surveys.map(({ place }) => place.region).join(', ');
  if (length === 0) return [isRight('AWS', subject, [`none in ${places}`])];
  const count = length === 1 ? '1 DLQ' : `${length} DLQs`;
  return [isRight('AWS', subject, [`${count} in ${places}; `, ...command, ' shows them'])];
}
