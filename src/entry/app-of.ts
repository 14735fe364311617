import { createSlackApp, type SlackAppOptions } from '../slack/app.ts';
import { newErrorId } from './error-id.ts';
import type { Parts } from './parts.ts';
import { version } from './version.ts';

type Place = Pick<SlackAppOptions, 'receiver' | 'watches' | 'searchable'>;

/** The bot as people meet it, in the server and in the worker. It is apart, since the other two functions have no Bolt. */
export function appOf({ connection, settings, queueOf: _, ...parts }: Parts, place: Place) {
  const { access, queues } = settings;
  return createSlackApp({ ...connection, ...parts, ...place, access, queues, newErrorId, version });
}
