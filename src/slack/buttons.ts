import * as z from 'zod';

export const actionIds = {
  refresh: 'refresh',
  refreshOverview: 'refresh-overview',
  /** Followed by `next` or `previous`: ids must differ within one block. */
  turnPage: 'turn-page',
  watch: 'watch',
  unwatch: 'unwatch',
  openConsole: 'open-console',
  openRunbook: 'open-runbook',
  /** Followed by a number: ids must differ within one block. */
  showQueue: 'show-queue',
  /** Followed by the number of tasks to show, and by the name that all of its queues share, if they do. */
  pickQueue: 'pick-queue',
} as const;

/** Epoch milliseconds, up to the maximum of a Date. */
const Moment = z.int().min(0).max(8_640_000_000_000_000);

/**
 * The value of a button. It passes through a person's browser, so it is read like any other input: the queue
 * is looked up in the settings and the access rules are checked again.
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

export function writeButtonValue(value: ButtonValue): string {
  return JSON.stringify(value);
}

/** undefined for a value that the bot did not write. */
export const readButtonValue = (text: unknown) => readValue(ButtonValue, text);

/** Reads the JSON in a button or a form; undefined for a value that the bot did not write. */
export function readValue<T>(schema: z.ZodType<T>, text: unknown): T | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The page of an overview that a button leads to, from 0. It passes through a browser and is read like any input. */
const PageValue = z.object({ p: z.int().min(0).max(1_000) });

export function writePageValue(page: number): string {
  return JSON.stringify({ p: page });
}

/** undefined for a value that the bot did not write. */
export const readPageValue = (text: string) => readValue(PageValue, text)?.p;

/** The id of a block that leads into a thread: Slack reports the block of whatever is clicked or picked. */
export function blockIdInto(threadTs: string, index: number): string {
  return `thread:${threadTs}:${index}`;
}

/** The thread that a block leads into; the channel is always the one where it was clicked. */
export function threadOfBlock(blockId: unknown): string | undefined {
  if (typeof blockId !== 'string') return undefined;
  return /^thread:(\d{1,15}\.\d{1,9}):\d{1,2}$/.exec(blockId)?.[1];
}
