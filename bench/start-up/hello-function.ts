import { boltFunction } from './bolt-function.ts';

/** Bolt's hello world on Lambda. */
export const handler = boltFunction(async ({ ack }) => ack('Hello'));
