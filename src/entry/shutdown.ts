import { within } from '../operations/within.ts';

/** Resolves when the work is done or the time is over; never rejects. */
export async function endIn(ms: number, work: Promise<unknown>): Promise<void> {
  await within(ms, work, () => undefined).catch(() => undefined);
}

/** The first SIGTERM or SIGINT. Later ones are ignored: on Ctrl-C, npm sends a signal that the process already got. */
export function deliveredToEnd(): Promise<string> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve('SIGTERM'));
    process.on('SIGINT', () => resolve('SIGINT'));
  });
}
