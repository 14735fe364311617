import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { movableDate } from './movable-date.ts';

// To compile the source anew for each event takes most of a second.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/dlq-tasks/compiled', import.meta.url)));

/** `now`: what time it is for the function. Absent: the machine's time. */
export type Invocation = { event: unknown; now?: number };
export type Invoked = { answer: unknown } | { error: string };
type Handler = (event: unknown, context: object) => Promise<unknown>;

/** An instance of a function: takes one event after another from its parent, until that lets it go. */
const [path = '', name = ''] = process.argv.slice(2);
const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };

async function invoked({ event, now }: Invocation): Promise<Invoked> {
  try {
    if (now !== undefined) movableDate.setTo(now);
    const bundle: Record<string, Handler> = await import(pathToFileURL(path).href);
    return { answer: await bundle[name]?.(event, context) };
  } catch (error) {
    return { error: error instanceof Error ? String(error.stack) : String(error) };
  }
}

process.on('message', async (invocation: Invocation) => {
  process.send?.(await invoked(invocation));
  // Its parent may end it without warning.
  flushCompileCache();
});
