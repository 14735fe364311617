import { appHomeId } from '../operations/asker.ts';
import type { BotIdentity } from './bot-identity.ts';
import { type Origin, originByTeams } from './person-origin.ts';
import { askedBy, idIn, type SlackRequest } from './request.ts';
import { isObject } from './slack-body.ts';

/** Somebody opens the app's Home, or one of its other tabs: nothing then, nor when it does not say who. */
export function appHomeRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const { event, team_id: teamId }: Record<string, unknown> = { ...body };
  if (!isObject(event) || event['tab'] !== 'home') return undefined;
  const userId = idIn(event['user']);
  if (userId === undefined) return undefined;
  return {
    what: 'app home opened',
    ...askedBy(
      { userId, channelId: appHomeId },
      originOfVisitor(idIn(event['user_team']), idIn(teamId), identity),
    ),
    text: '',
    isAppHome: true,
  };
}

/**
 * Slack opens a Home for people of the app's own workspace only, so the event need not name theirs: they are asked about,
 * and taken for own when Slack cannot tell.
 */
function originOfVisitor(
  theirs: string | undefined,
  openedIn: string | undefined,
  identity: BotIdentity,
): Origin {
  if (theirs !== undefined) return originByTeams(identity, [theirs]);
  const isOpenedHere = openedIn !== undefined && openedIn === identity.teamId;
  return { verdict: isOpenedHere ? 'own' : 'unknown', teams: [], isOpen: true };
}
