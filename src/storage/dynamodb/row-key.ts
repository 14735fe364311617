import { createHash } from 'node:crypto';
import type { CardPlace } from '../../domain/message-place.ts';
import type { RowKey } from './watch-rows.ts';

type Task = { queueArn: string; startedAt: number; card: Pick<CardPlace, 'channel' | 'ts'> };

export function cardKeyOf({ channel, ts }: Pick<CardPlace, 'channel' | 'ts'>): string {
  return `${channel}:${ts}`;
}

export function rowKeyOf({ queueArn, startedAt, card }: Task): RowKey {
  const task = createHash('sha256').update(`${queueArn} ${startedAt}`).digest('base64url').slice(0, 16);
  return { card: cardKeyOf(card), task };
}

/** The generation tells a watch from earlier ones of the same task on the same card. */
export function watchIdOf({ card, task }: RowKey, generation: number): string {
  return `${card}:${task}:${generation.toString(36)}`;
}

export function rowKeyOfWatch(id: string): RowKey {
  const [channel = '', ts = '', task = ''] = id.split(':');
  return { card: cardKeyOf({ channel, ts }), task };
}
