import type { Phrase } from '../phrase.ts';

/** `not-proven`: nothing is known to be wrong, and nobody can tell from here that it is right. */
export type Verdict = 'ok' | 'fault' | 'not-proven';

/** In the order in which a report shows them. */
export const areas = ['Settings', 'Environment', 'Slack', 'AWS', 'Queues', 'Clock', 'Data folder'] as const;
export type Area = (typeof areas)[number];

/** One thing that the doctor looked at. Whatever is not right has a remedy. */
export type Check = { area: Area; subject: string; finding: Phrase } & (
  | { verdict: 'ok' }
  | { verdict: 'fault' | 'not-proven'; remedy: Phrase }
);

export function isRight(area: Area, subject: string, finding: Phrase): Check {
  return { area, subject, verdict: 'ok', finding };
}

export function isWrong(area: Area, subject: string, finding: Phrase, remedy: Phrase): Check {
  return { area, subject, verdict: 'fault', finding, remedy };
}

export function isOpen(area: Area, subject: string, finding: Phrase, remedy: Phrase): Check {
  return { area, subject, verdict: 'not-proven', finding, remedy };
}

export function countOf(checks: readonly Check[], verdict: Verdict): number {
  return checks.filter((check) => check.verdict === verdict).length;
}
