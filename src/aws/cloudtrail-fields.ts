import * as z from 'zod';
import { fieldsOf } from '../domain/readable-items.ts';

/** Anything that is not text is dropped. */
export const text = z.string().optional().catch(undefined);

/**
 * The named fields, ignoring case: CloudTrail does not spell SQS's parameters the same way in every record. All other
 * fields are left out.
 */
export function anyCase<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape);
  return z.preprocess((value) => {
    const given = new Map(Object.entries(fieldsOf(value)).map(([name, one]) => [name.toLowerCase(), one]));
    return Object.fromEntries(names.map((name) => [name, given.get(name.toLowerCase())]));
  }, z.object(shape));
}
