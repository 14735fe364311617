import type { Words } from '../words.ts';

/** `not-proven`: nothing is known to be wrong, and nobody can tell from here that it is right. */
export type Verdict = 'ok' | 'fault' | 'not-proven';

/** In the order in which a report shows them. */
export const areas = ['Settings', 'Environment', 'Slack', 'AWS', 'Queues', 'Clock', 'Data folder'] as const;
export type Area = (typeof areas)[number];

/** One thing that the doctor looked at. Whatever is not right has a remedy. */
export type Check = { area: Area; subject: string; finding: Words } & (
  | { verdict: 'ok' }
  | { verdict: 'fault' | 'not-proven'; remedy: Words }
);

export function isRight(area: Area, subject: string, finding: Words): Check {
  return { area, subject, verdict: 'ok', finding };
}

export function isWrong(area: Area, subject: string, finding: Words, remedy: Words): Check {
  return { area, subject, verdict: 'fault', finding, remedy };
}

export function isOpen(area: Area, subject: string, finding: Words, remedy: Words): Check {
  return { area, subject, verdict: 'not-proven', finding, remedy };
}

export function countOf(checks: readonly Check[], verdict: Verdict): number {
  return checks.filter((check) => check.verdict === verdict).length;
}
