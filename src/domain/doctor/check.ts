import type { Phrase } from '../wording.ts';

/** `not-proven`: nothing is known to be wrong, but it can't be verified from here. */
export type Verdict = 'ok' | 'fault' | 'not-proven';

/** In the order of a report. */
export const areas = ['Settings', 'Environment', 'Slack', 'AWS', 'Queues', 'Clock', 'Data folder'] as const;
export type Area = (typeof areas)[number];

/** One thing that the doctor checked. Whatever is not right has a remedy. */
export type Check = { area: Area; subject: string; finding: Phrase } & (
  | { verdict: 'ok' }
  | { verdict: 'fault' | 'not-proven'; remedy: Phrase }
);

export function okCheck(area: Area, subject: string, finding: Phrase): Check {
  return { area, subject, verdict: 'ok', finding };
}

export function faultCheck(area: Area, subject: string, finding: Phrase, remedy: Phrase): Check {
  return { area, subject, verdict: 'fault', finding, remedy };
}

export function unprovenCheck(area: Area, subject: string, finding: Phrase, remedy: Phrase): Check {
  return { area, subject, verdict: 'not-proven', finding, remedy };
}

export function countOf(checks: readonly Check[], verdict: Verdict): number {
  return checks.filter((check) => check.verdict === verdict).length;
}
