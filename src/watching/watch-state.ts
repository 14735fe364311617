import * as z from 'zod/mini';
import { KeptWatchSchema, optional } from './kept-watch.ts';
import type { Shared } from './watch-row.ts';

const State = z.object({
  kept: KeptWatchSchema,
  run: z.number(),
  held: optional(z.object({ by: z.number(), until: z.number() })),
});

/** Throws for anything that is not a whole watch. */
export function parseState(text: string): Shared {
  return State.parse(JSON.parse(text));
}
