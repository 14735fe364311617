import { randomBytes } from 'node:crypto';
import manifest from '../../package.json' with { type: 'json' };
import { createSlackApp, type SlackAppOptions } from '../slack/app.ts';
import type { Parts } from './parts.ts';

export const { version } = manifest;

type Place = Pick<
  SlackAppOptions,
  'receiver' | 'watches' | 'searchable' | 'actions' | 'knowsActionWords' | 'history' | 'startsOf'
>;

/** The Slack app, in one process and in the worker. It is a separate file because the other functions bundle no Bolt. */
export function appOf({ connection, settings, queueOf: _, ...parts }: Parts, place: Place) {
  const { access, queues } = settings;
  return createSlackApp({ ...connection, ...parts, ...place, ...{ access, queues, newErrorId, version } });
}

/** Letters and digits that are not confused when read out over the phone. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

export function newErrorId(): string {
  return `E-${[...randomBytes(6)].map((byte) => letters[byte % letters.length]).join('')}`;
}
