import { enableCompileCache } from 'node:module';
import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';

// To compile the source anew for each event takes most of a second.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/dlq-tasks/compiled', import.meta.url)));

/** A new instance of a function: takes one event from its input, and sends its answer to the parent. */
const [path = '', name = ''] = process.argv.slice(2);
const event: unknown = JSON.parse(await text(stdin));
const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };
const bundle: Record<string, (event: unknown, context: object) => Promise<unknown>> = await import(
  pathToFileURL(path).href
);
const answer = await bundle[name]?.(event, context);
process.send?.({ answer }, () => process.disconnect());
