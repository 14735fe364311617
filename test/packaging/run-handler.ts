import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

/** A fresh instance of a function: takes one event from its input, and sends its answer to the parent. */
const [path = '', name = ''] = process.argv.slice(2);
const event: unknown = JSON.parse(await text(stdin));
const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };
const bundle: Record<string, (event: unknown, context: object) => Promise<unknown>> = await import(
  pathToFileURL(path).href
);
const answer = await bundle[name]?.(event, context);
process.send?.({ answer }, () => process.disconnect());
