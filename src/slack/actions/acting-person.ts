import type { ActingPerson } from '../../domain/actions/who-may.ts';
import type { SlackRequest } from '../request.ts';

/** Whoever cannot be shown to be of the own people may read, and not act. */
export function actingPerson({ asker, kind }: SlackRequest): ActingPerson {
  const elsewhere = asker.isUnknown ? 'unknown' : 'other';
  return { id: asker.userId, home: asker.isExternal ? elsewhere : 'own', kind: kind ?? 'person' };
}

/** Where a request's message belongs: in the thread in which it was asked, else in the channel. */
export function askedIn({ asker, clicked, threadTs }: SlackRequest): { channel: string; thread?: string } {
  const thread = clicked ? clicked.threadTs : threadTs;
  return { channel: asker.channelId, ...(thread !== undefined && { thread }) };
}
