import * as z from 'zod/mini';

/** Epoch milliseconds, as far as a Date goes. */
const Moment = z.int().check(z.nonnegative(), z.maximum(8_640_000_000_000_000));

/**
 * What a button carries. It comes back through a person's browser, so it is read like any other input:
 * the queue is looked up in the settings and the access rules are asked again.
 */
const ButtonValue = z.object({
  /** The queue's ARN. */
  q: z.string().check(z.minLength(1), z.maxLength(300)),
  /** How many tasks to show. */
  n: z._default(z.int().check(z.minimum(1), z.maximum(10)), 1),
  /** The sighting behind the card: when, of which task, how many it had moved, whether it had ended. */
  at: z.optional(Moment),
  s: z.optional(Moment),
  m: z.optional(z.int().check(z.nonnegative())),
  end: z.optional(z.literal(1)),
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
