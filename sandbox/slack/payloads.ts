import { apiMessage } from './api-message.ts';
import type { ClickedElement } from './clicked-element.ts';
import { isStranger, whereItHappened, whereItWasTyped } from './grid.ts';
import type { Json } from './json.ts';
import type { Channel, PageHome, PageMessage, Person } from './page-contract.ts';
import { randomId, type Workspace } from './workspace.ts';

/** The retired verification token that Slack still sends. */
const verificationToken = 'sandbox-verification-token';

type Where = { person: Person; channel: Channel };

/** Slack does not tell apps the names of private channels. */
const nameFor = (channel: Channel) => (channel.isPrivate ? 'privategroup' : channel.name);

export function commandPayload(
  workspace: Workspace,
  { person, channel }: Where,
  spoken: { command: string; text: string; responseUrl: string },
): Record<string, string> {
  const { team, bot } = workspace.settings;
  return {
    token: verificationToken,
    ...whereItWasTyped(workspace.settings, person),
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: nameFor(channel),
    user_id: person.id,
    user_name: person.name,
    command: spoken.command,
    text: spoken.text,
    api_app_id: bot.appId,
    response_url: spoken.responseUrl,
    trigger_id: workspace.triggers.issue(person.id),
  };
}

function interaction(workspace: Workspace, { person, channel }: Where): Json {
  return { ...interactionOf(workspace, person), channel: { id: channel.id, name: nameFor(channel) } };
}

/** The fields of every payload about something that a person did. */
export function interactionOf(workspace: Workspace, person: Person): Json {
  const { bot } = workspace.settings;
  const { id, name, teamId, hidesTeam } = person;
  return {
    user: { id, username: name, name, ...(!hidesTeam && { team_id: teamId }) },
    api_app_id: bot.appId,
    token: verificationToken,
    trigger_id: workspace.triggers.issue(person.id),
    ...whereItHappened(workspace.settings),
  };
}

/** A click on an ephemeral message comes without the message. */
export function clickPayload(
  workspace: Workspace,
  where: Where,
  clicked: { message: PageMessage; element: ClickedElement; responseUrl: string },
): Json {
  const { message, element, responseUrl } = clicked;
  return {
    type: 'block_actions',
    ...interaction(workspace, where),
    ...containing(workspace, message),
    state: { values: {} },
    response_url: responseUrl,
    actions: [{ ...element, action_ts: actionTs(workspace) }],
  };
}

function containing(workspace: Workspace, message: PageMessage): Json {
  const isEphemeral = message.ephemeralFor !== undefined;
  const threadTs = message.threadTs ?? (message.replies ? message.ts : undefined);
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: isEphemeral,
      ...(threadTs && { thread_ts: threadTs }),
    },
    ...(!isEphemeral && { message: apiMessage(message, workspace, true) }),
  };
}

/** What a person has typed into a select so far. */
export function searchPayload(
  workspace: Workspace,
  where: Where,
  typed: { message: PageMessage; blockId: string; actionId: string; query: string },
): Json {
  return {
    type: 'block_suggestion',
    ...interaction(workspace, where),
    ...containing(workspace, typed.message),
    block_id: typed.blockId,
    action_id: typed.actionId,
    value: typed.query,
  };
}

/** A click in the app's Home belongs to no channel. */
export function homeClickPayload(
  workspace: Workspace,
  person: Person,
  { home, element }: { home: PageHome; element: ClickedElement },
): Json {
  return {
    type: 'block_actions',
    ...interactionOf(workspace, person),
    container: { type: 'view', view_id: home.id },
    view: { ...home, type: 'home', team_id: workspace.settings.team.id },
    actions: [{ ...element, action_ts: actionTs(workspace) }],
  };
}

export function homeOpenedPayload(workspace: Workspace, person: Person): Json {
  const home = workspace.homes.get(person.id);
  return eventPayload(workspace, {
    type: 'app_home_opened',
    user: person.id,
    channel: `D${person.id.slice(1)}`,
    tab: 'home',
    event_ts: actionTs(workspace),
    ...(home && { view: { ...home, type: 'home', team_id: workspace.settings.team.id } }),
  });
}

export function shortcutPayload(
  workspace: Workspace,
  where: Where,
  used: { message: PageMessage; callbackId: string; responseUrl: string },
): Json {
  return {
    type: 'message_action',
    ...interaction(workspace, where),
    action_ts: actionTs(workspace),
    callback_id: used.callbackId,
    message_ts: used.message.ts,
    message: apiMessage(used.message, workspace, true),
    response_url: used.responseUrl,
  };
}

export function mentionPayload(workspace: Workspace, { person, channel }: Where, message: PageMessage): Json {
  const isExternal = isStranger(workspace.settings, person);
  const isShared = channel.isShared ?? (isExternal || person.hidesTeam === true);
  const payload = eventPayload(workspace, {
    ...apiMessage(message, workspace),
    type: 'app_mention',
    channel: channel.id,
    event_ts: message.ts,
    ...(isExternal && !person.hidesTeam && { user_team: person.teamId, source_team: person.teamId }),
  });
  return { ...payload, is_ext_shared_channel: isShared };
}

function eventPayload(workspace: Workspace, event: Json & { event_ts: string }): Json {
  const { team, bot } = workspace.settings;
  return {
    token: verificationToken,
    team_id: team.id,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: `Ev${randomId(5).toUpperCase()}`,
    event_time: Math.floor(Number(event.event_ts)),
    authorizations: [
      {
        enterprise_id: team.enterpriseId ?? null,
        team_id: team.id,
        user_id: bot.userId,
        is_bot: true,
        is_enterprise_install: team.isOrgWide ?? false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${randomId(12)}`,
  };
}

export const actionTs = ({ settings }: Workspace) => (settings.clock() / 1_000).toFixed(6);
