import * as z from 'zod';
import { fieldsOf } from '../domain/fields.ts';

/** Whatever is no text is none. */
export const text = z.string().optional().catch(undefined);

/**
 * These fields, whatever the case of their names: CloudTrail does not write the names of SQS's parameters alike in every
 * record. All others are left out, and what holds no fields has none of these.
 */
export function anyCase<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape);
  return z.preprocess((value) => {
    const given = new Map(Object.entries(fieldsOf(value)).map(([name, one]) => [name.toLowerCase(), one]));
    return Object.fromEntries(names.map((name) => [name, given.get(name.toLowerCase())]));
  }, z.object(shape));
}
