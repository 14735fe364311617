import * as z from 'zod';

/** Epoch milliseconds, as far as a Date goes. */
const Moment = z.int().min(0).max(8_640_000_000_000_000);

/**
 * What a button carries. It comes back through a person's browser, so it is read like any other input:
 * the queue is looked up in the settings and the access rules are asked again.
 */
const ButtonValue = z.object({
  /** The queue's ARN. */
  q: z.string().min(1).max(300),
  /** How many tasks to show. */
  n: z.int().min(1).max(10).default(1),
  /** The sighting behind the card: when, of which task, how many it had moved, whether it had ended. */
  at: Moment.optional(),
  s: Moment.optional(),
  m: z.int().min(0).optional(),
  end: z.literal(1).optional(),
});
export type ButtonValue = z.infer<typeof ButtonValue>;

export function writeButtonValue(value: ButtonValue): string {
  return JSON.stringify(value);
}

/** Nothing when it is not a value of ours. */
export function readButtonValue(text: unknown): ButtonValue | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return ButtonValue.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
