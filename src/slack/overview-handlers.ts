import { findQueues } from '../domain/queue-reference.ts';
import { appHomeId, refusalOf } from '../operations/access.ts';
import { appHomeOf, overviewOf } from '../operations/overview.ts';
import type { BotIdentity } from './bot-identity.ts';
import { readPage } from './button-values.ts';
import type { ListenerDeps } from './listener.ts';
import { type Origin, originByTeams } from './people.ts';
import { type Handler, type HandlerDeps, type Reply, replyOf, unknownButtonReply } from './reply.ts';
import { askedBy, clickRequest, idIn, type SlackRequest } from './request.ts';
import { valueAt } from './signed-request.ts';
import { appHomeView } from './views/overview.ts';
import { queueOption, readPickerId, unknownHomeOption } from './views/private-message.ts';

/** A person opened the app's Home; undefined for its other tabs, or if the event does not say who. */
export function appHomeRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const userId = idIn(body, 'event', 'user');
  if (valueAt(body, 'event', 'tab') !== 'home' || userId === undefined) return undefined;
  return {
    what: 'app home opened',
    ...askedBy({ userId, channelId: appHomeId }, originOfVisitor(body, identity)),
    text: '',
    isAppHome: true,
  };
}

/**
 * Slack opens a Home only for people of the app's own workspace, so the event may not name their workspace.
 * The bot asks Slack, and treats them as its own people if Slack can't say.
 */
function originOfVisitor(body: object, identity: BotIdentity): Origin {
  const theirs = idIn(body, 'event', 'user_team');
  if (theirs !== undefined) return originByTeams(identity, [theirs]);
  const isOpenedHere = idIn(body, 'team_id') === identity.teamId;
  return { verdict: isOpenedHere ? 'own' : 'unknown', teams: [], isOpen: true };
}

/** The overview in a channel and in the app's Home, and the buttons that poll again. */
export function createOverviewHandlers(deps: HandlerDeps) {
  const { version } = deps;
  const { workspaceUrl } = deps.identity;

  async function appHome({ person: { userId } }: SlackRequest, page: number): Promise<Reply> {
    const appHome = await appHomeOf({ userId, page }, deps);
    const shown = { seenAt: appHome.overview.seenAt, isFinal: false };
    const message = appHomeView(appHome, { workspaceUrl, version });
    return { to: 'person', message, shown, outcome: 'app home' };
  }

  const onOpenHome: Handler = (request) => appHome(request, 0);

  /** Refresh, Previous and Next. */
  const onPage: Handler = async (request) => {
    const page = readPage(request.text);
    if (page === undefined) return unknownButtonReply();
    if (request.isAppHome) return appHome(request, page);
    const { channelId } = request.person;
    return replyOf(await overviewOf({ channelId, page }, deps), 'clicked', deps);
  };

  return { onOpenHome, onPage };
}

export type SearchDeps = Pick<
  ListenerDeps,
  'queues' | 'access' | 'membersOf' | 'resolveOrigin' | 'identity' | 'log'
>;

/** Slack's limit. */
const optionsAtMost = 100;

/** The queues to offer in a search, by the same rules as commands; none if anything is wrong. It never rejects. */
export async function searchOptions(body: object, deps: SearchDeps) {
  const { queues, access, membersOf, resolveOrigin, log } = deps;
  const search = searchRequest(body, deps.identity);
  if (!search) return [];
  const { person, what, text } = await resolveOrigin(search);
  try {
    const picker = readPickerId(what);
    if (!picker) return [];
    const refusal = await refusalOf(person, access, membersOf);
    if (refusal) return refusal.reason === 'unknown-home' ? [unknownHomeOption()] : [];
    const found = findQueues({ ...picker, query: text, channelId: person.channelId }, queues, optionsAtMost);
    return found.map((queue) => queueOption(queue, picker.asked));
  } catch (error) {
    log.error({ user: person.userId, channel: person.channelId, error }, 'could not search for queues');
    return [];
  }
}

/** undefined if it has no user or channel. A search looks like a click, but its text is in another field. */
function searchRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const { action_id, value }: Record<string, unknown> = { ...body };
  return clickRequest({ ...body, actions: [{ action_id, value }] }, identity);
}
