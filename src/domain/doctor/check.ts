import type { Explanation, Phrase } from '../wording.ts';

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

/** Makes the checks of one thing. */
export function about(area: Area, subject: string) {
  const wrong = (verdict: 'fault' | 'not-proven', finding: Phrase, remedy: Phrase): Check => {
    return { area, subject, verdict, finding, remedy };
  };
  return {
    ok: (finding: Phrase): Check => ({ area, subject, verdict: 'ok', finding }),
    fault: (finding: Phrase, remedy: Phrase) => wrong('fault', finding, remedy),
    explained: ({ meaning, remedy }: Explanation) => wrong('fault', meaning, remedy),
    unproven: (finding: Phrase, remedy: Phrase) => wrong('not-proven', finding, remedy),
  };
}

export function countOf(checks: readonly Check[], verdict: Verdict): number {
  return checks.filter((check) => check.verdict === verdict).length;
}
