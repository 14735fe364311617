import * as z from 'zod';
import type { StartForm } from '../../domain/actions/start-form.ts';
import { readValue } from '../buttons.ts';

/** They come back through a person's browser, and are read like any other input. */
const FormValue = z.object({
  /** The queue's ARN. */
  q: z.string().min(1).max(300),
  /** The initial values: rate, reason and destination. */
  r: z.string().max(20).optional(),
  w: z.string().max(600).optional(),
  d: z.string().max(300).optional(),
});
export type FormValue = z.infer<typeof FormValue>;

const DecisionValue = z.object({
  id: z.string().min(1).max(100),
  /** The depth that the button shows. */
  confirms: z.int().min(0).optional(),
});
export type DecisionValue = z.infer<typeof DecisionValue>;

/** Where the form was requested; Slack does not say that when it is submitted. */
const FormOrigin = z.object({
  /** The id of the action that it creates. */
  i: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional(),
  q: FormValue.shape.q,
  c: z.string().regex(/^[CDG][A-Z0-9]{1,40}$/),
  t: z
    .string()
    .regex(/^\d{1,15}\.\d{1,9}$/)
    .optional(),
});
export type FormOrigin = z.infer<typeof FormOrigin>;

export const readFormValue = (text: unknown) => readValue(FormValue, text);
export const readDecisionValue = (text: unknown) => readValue(DecisionValue, text);
export const readFormOrigin = (text: unknown) => readValue(FormOrigin, text);

export function writeValue(value: FormValue | DecisionValue | FormOrigin): string {
  return JSON.stringify(value);
}

/** What a submitted form carries. */
export type Submitted = { origin: FormOrigin; form: StartForm };
