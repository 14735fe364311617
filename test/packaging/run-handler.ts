import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

/** A fresh instance of a function: takes one event from its input, and sends its answer to the parent. */
const [path = '', name = ''] = process.argv.slice(2);
const event: unknown = JSON.parse(await text(stdin));
const bundle: Record<string, (event: unknown) => Promise<unknown>> = await import(pathToFileURL(path).href);
const answer = await bundle[name]?.(event);
process.send?.({ answer }, () => process.disconnect());
