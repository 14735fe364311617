import * as z from 'zod';

/** A list of which a newer version may have written some: what this one does not understand is no concern of its. */
export function understood<S extends z.ZodType>(one: S) {
  return z
    .array(one.nullable().catch(null))
    .transform((found): readonly z.infer<S>[] => found.filter((value) => value !== null));
}
