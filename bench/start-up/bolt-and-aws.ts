import { firstVersionCard } from '../shared/first-version.ts';
import { boltFunction } from './bolt-function.ts';

/** The obvious first version of the worker: the same requests, with all of Bolt and the SDK. */
export const handler = boltFunction(async ({ ack, command, say }) => {
  await say(await firstVersionCard(command.text));
  await ack();
});
