import * as z from 'zod';

export function wholeNumber(from: number, to: number) {
  const error = ({ input }: { input?: unknown }) =>
    input === null ? undefined : `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

export const WatchSettings = z.object({
  minPollSeconds: wholeNumber(1, 900).default(5),
  maxPollSeconds: wholeNumber(1, 900).default(300),
  /** Seconds after the end at which the DLQ's depth is compared, ascending; empty: never. */
  bounceBackAfterSeconds: z
    .array(wholeNumber(1, 86_400))
    .refine((times) => times.length <= 6, {
      error: 'must list at most 6 times',
      when: ({ value }) => Array.isArray(value),
    })
    .transform((times): readonly number[] => [...new Set(times)].toSorted((one, other) => one - other))
    .default([60, 300, 900]),
  stalledAfterMinutes: wholeNumber(1, 1440).default(15),
});
export type WatchSettings = z.infer<typeof WatchSettings>;

export const defaultWatchSettings: WatchSettings = WatchSettings.parse({});

/** For followed queues: how often one is polled for new tasks. */
export const FollowSettings = z.object({ followEverySeconds: wholeNumber(5, 900).default(75) });
