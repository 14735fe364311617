import * as z from 'zod';
import type { StartForm } from '../domain/actions/start-form.ts';

/** Epoch milliseconds, up to the maximum of a Date. */
const Moment = z.int().min(0).max(8_640_000_000_000_000);

/**
 * The value of a button of a card. Like all that follows it passes through a person's browser, so it is read like
 * any other input: the queue is looked up in the settings and the access rules are checked again.
 */
const ButtonValue = z.object({
  /** The queue's ARN. */
  q: z.string().min(1).max(300),
  /** How many tasks to show. */
  n: z.int().min(1).max(10).default(1),
  /**
   * The observation that the card shows: its time, its task, how many messages had moved, and whether the
   * task had ended.
   */
  at: Moment.optional(),
  s: Moment.optional(),
  m: z.int().min(0).optional(),
  end: z.literal(1).optional(),
  /** It is below a notification, which doesn't change, not on a card. */
  below: z.literal('notification').optional(),
});
export type ButtonValue = z.infer<typeof ButtonValue>;

/** The button that opens the form. */
const FormValue = z.object({
  q: ButtonValue.shape.q,
  /** The initial values: rate, reason and destination. */
  r: z.string().max(20).optional(),
  w: z.string().max(600).optional(),
  d: z.string().max(300).optional(),
});
export type FormValue = z.infer<typeof FormValue>;

/** Approve, Decline, Withdraw and Start again. */
const DecisionValue = z.object({
  id: z.string().min(1).max(100),
  /** The depth that the button shows. */
  confirms: z.int().min(0).optional(),
});

/** The page of an overview that a button leads to, from 0. */
const PageValue = z.object({ p: z.int().min(0).max(1_000) });

/** Where the form was requested; Slack does not say that when it is submitted. */
const FormOrigin = z.object({
  /** The id of the action that it creates. */
  i: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional(),
  q: ButtonValue.shape.q,
  c: z.string().regex(/^[CDG][A-Z0-9]{1,40}$/),
  t: z
    .string()
    .regex(/^\d{1,15}\.\d{1,9}$/)
    .optional(),
});
export type FormOrigin = z.infer<typeof FormOrigin>;

/** What a submitted form carries. */
export type Submitted = { origin: FormOrigin; form: StartForm };

/** What a button may carry; it is written as JSON. */
export type Carried = ButtonValue | FormValue | z.infer<typeof DecisionValue> | z.infer<typeof PageValue>;

/** They read what a button or a form carries; undefined for a value that the bot did not write. */
export const readButtonValue = (text: unknown) => readValue(ButtonValue, text);
export const readFormValue = (text: unknown) => readValue(FormValue, text);
export const readDecisionValue = (text: unknown) => readValue(DecisionValue, text);
export const readPage = (text: unknown) => readValue(PageValue, text)?.p;
export const readFormOrigin = (text: unknown) => readValue(FormOrigin, text);

function readValue<T>(schema: z.ZodType<T>, text: unknown): T | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
