import { boltFunction } from './bolt-function.ts';

/**
 * Bolt's hello world on Lambda, in the bundle that starts fastest with all of Bolt in it: an ES module, minified. What
 * serverless-esbuild makes by default (CommonJS, not minified) starts as fast; unbundled, as Bolt's guide deploys it,
 * it takes a third longer.
 */
export const handler = boltFunction(async ({ ack }) => ack('Hello'));
