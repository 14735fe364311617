import * as z from 'zod';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an unknown value; empty if it has none. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A list that drops members which this version can't read, because a newer version may have written them. */
export function readableItems<S extends z.ZodType>(one: S) {
  return z
    .array(one.nullable().catch(null))
    .transform((found): readonly z.infer<S>[] => found.filter((value) => value !== null));
}
