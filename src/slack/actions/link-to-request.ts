import type { Action } from '../../domain/actions/action.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import { linkToMessage } from '../views/notification.ts';

/** The way to an action's message, from any other message than itself. */
export function linkToRequest(
  { place: { channel, message: ts } }: Action,
  workspaceUrl: string,
  from?: CardPlace,
): { link?: string } {
  const isItself = from?.channel === channel && from.ts === ts;
  return ts === undefined || isItself ? {} : { link: linkToMessage({ channel, ts }, workspaceUrl) };
}
