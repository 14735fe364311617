import { appHomeId } from '../operations/asker.ts';
import { type BotIdentity, isExternal } from './bot-identity.ts';
import { type SlackRequest, userIn } from './request.ts';
import { isObject } from './slack-body.ts';

/**
 * Somebody opens the app's Home, or one of its other tabs: nothing then, nor when it does not say who. Slack opens a Home
 * for people of the app's own workspace only, so the event need not name theirs; where it does, that counts.
 */
export function appHomeRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const { event, team_id: teamId }: Record<string, unknown> = { ...body };
  if (!isObject(event) || event['tab'] !== 'home') return undefined;
  const userId = userIn(event['user']);
  if (userId === undefined) return undefined;
  const theirs = event['user_team'] ?? teamId;
  return {
    what: 'app home opened',
    asker: {
      userId,
      channelId: appHomeId,
      isExternal: isExternal(identity, typeof theirs === 'string' ? theirs : undefined),
    },
    text: '',
    isAppHome: true,
  };
}
