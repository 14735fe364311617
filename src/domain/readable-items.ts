import * as z from 'zod';

/** A list that drops members which this version can't read, because a newer version may have written them. */
export function readableItems<S extends z.ZodType>(one: S) {
  return z
    .array(one.nullable().catch(null))
    .transform((found): readonly z.infer<S>[] => found.filter((value) => value !== null));
}
