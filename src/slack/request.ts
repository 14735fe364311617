import type { CardPlace } from '../domain/message-place.ts';
import { appHomeId, type Person } from '../operations/access.ts';
import type { ActingPerson } from '../operations/actions/who-may-act.ts';
import type { BotIdentity } from './bot-identity.ts';
import type { Submitted } from './button-values.ts';
import { redriveIds, threadOfBlock } from './buttons.ts';
import { parseCommand } from './parse-command.ts';
import { type Asked, type Origin, originByTeams, originOfCommand, personFrom } from './people.ts';
import { valueAt } from './signed-request.ts';

export type SlackRequest = Asked & {
  /** What was typed after the command, or the button's value. */
  text: string;
  responseUrl?: string | undefined;
  threadTs?: string | undefined;
  /** Asked in the channel, so private messages belong there: Slack shows none in a thread without replies. */
  isInChannel?: boolean;
  /** The answer is posted with this key, so that it can be found again. */
  answerKey?: string;
  /** The texts of the message that the shortcut was used on. */
  messageTexts?: readonly string[];
  /** The message whose button was clicked; absent if it is private, because a private message can't be edited. */
  clicked?: CardPlace | undefined;
  /**
   * Whether this process should answer, if several may receive the same request; absent: it should. Await it
   * before saying or changing anything, but not before reading. Never rejects.
   */
  isOurs?: Promise<boolean> | undefined;
  /** Opens a form, once and within three seconds. */
  triggerId?: string | undefined;
  /** Resolves with the id of the form that is being opened, or undefined if Slack opened none. */
  form?: Promise<string | undefined> | undefined;
  /** Who or what sent it; absent: a person. */
  kind?: 'bot' | 'workflow' | undefined;
  submitted?: Submitted;
  /** What can't be said in the channel is sent as a direct message: there is no response URL. */
  orDirectly?: true;
  /** Asked in the app's Home, which belongs to one person and to no channel. */
  isAppHome?: boolean;
};

export async function isAnsweredElsewhere({ isOurs }: SlackRequest): Promise<boolean> {
  return (await isOurs) === false;
}

/** More than a person types, and more than a button's value can hold. */
const longestText = 3_000;

/** Undefined if it does not say who asks, and where. */
export function commandRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const [userId, channelId] = [idIn(body, 'user_id'), idIn(body, 'channel_id')];
  if (userId === undefined || channelId === undefined) return undefined;
  const origin = originOfCommand(identity, idIn(body, 'team_id'), idIn(body, 'enterprise_id'));
  return {
    what: 'command',
    ...askedBy({ userId, channelId }, origin),
    text: typedIn(textIn(body, 'text')),
    ...sentWith(body),
  };
}

/** Undefined if it does not say who clicked, and where. */
export function clickRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const userId = idIn(body, 'user', 'id');
  const isAppHome = valueAt(body, 'view', 'type') === 'home';
  const channelId = isAppHome
    ? appHomeId
    : (idIn(body, 'channel', 'id') ?? idIn(body, 'container', 'channel_id'));
  if (userId === undefined || channelId === undefined) return undefined;
  const actions = valueAt(body, 'actions');
  const action: unknown = Array.isArray(actions) ? actions[0] : undefined;
  const messageThread = tsIn(body, 'message', 'thread_ts') ?? tsIn(body, 'container', 'thread_ts');
  const isPrivate = valueAt(body, 'container', 'is_ephemeral') === true;
  const ts = isPrivate ? undefined : tsIn(body, 'message', 'ts');
  return {
    what: textIn(action, 'action_id') ?? 'unknown',
    ...askedBy({ userId, channelId }, originOfUser(identity, body)),
    text: typedIn(textIn(action, 'value') ?? textIn(action, 'selected_option', 'value')),
    ...sentWith(body),
    isAppHome,
    threadTs: threadOfBlock(valueAt(action, 'block_id')) ?? messageThread,
    isInChannel: messageThread === undefined,
    clicked: ts === undefined ? undefined : cardOf(channelId, ts, messageThread),
  };
}

/** What opens the form that a request asks for; undefined if it asks for none. */
export function triggerOfForm({
  what,
  text,
  triggerId,
}: Pick<SlackRequest, 'what' | 'text' | 'triggerId'>): string | undefined {
  if (what === redriveIds.openForm || what === redriveIds.startAgain) return triggerId;
  const command = what === 'command' && parseCommand(text, true);
  return command && 'kind' in command && command.kind === 'redrive' ? triggerId : undefined;
}

/** Who asks, as far as the request itself shows it. */
export function askedBy(who: Pick<Person, 'userId' | 'channelId'>, origin: Origin) {
  return { person: personFrom(who, origin.verdict), origin };
}

/** From the `user` of a click, a search or a shortcut. */
export function originOfUser(identity: BotIdentity, body: object): Origin {
  const teamId = idIn(body, 'user', 'team_id');
  return originByTeams(identity, teamId === undefined ? [] : [teamId]);
}

/** For the parent of a thread, `thread_ts` is its own ts. */
function cardOf(channel: string, ts: string, threadTs: string | undefined): CardPlace {
  return { channel, ts, ...(threadTs !== undefined && threadTs !== ts && { threadTs }) };
}

export function typedIn(text = ''): string {
  return text.slice(0, longestText);
}

function sentWith(body: object): Pick<SlackRequest, 'responseUrl' | 'triggerId' | 'kind'> {
  const triggerId = textIn(body, 'trigger_id') || undefined;
  return { responseUrl: responseUrlIn(body), triggerId, kind: kindIn(body) };
}

export function responseUrlIn(body: object): string | undefined {
  return textIn(body, 'response_url') || undefined;
}

/** A Slack id, such as U0123456789. */
export function idIn(body: unknown, ...path: string[]): string | undefined {
  const id = textIn(body, ...path);
  return id !== undefined && /^[A-Z0-9]{1,40}$/.test(id) ? id : undefined;
}

export function tsIn(body: unknown, ...path: string[]): string | undefined {
  const ts = textIn(body, ...path);
  return ts !== undefined && /^\d{1,15}\.\d{1,9}$/.test(ts) ? ts : undefined;
}

export function textIn(body: unknown, ...path: string[]): string | undefined {
  const value = valueAt(body, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** A bot's user or a workflow step that clicked on someone's behalf. */
export function kindIn(body: object): SlackRequest['kind'] {
  const of = (...path: string[]) => valueAt(body, ...path);
  if (of('function_data') !== undefined || of('interactivity') !== undefined) return 'workflow';
  const isBot =
    of('user', 'is_bot') === true || of('user', 'id') === 'USLACKBOT' || of('bot_id') !== undefined;
  return isBot ? 'bot' : undefined;
}

/** Anyone who can't be shown to be one of the bot's own people may read, but not act. */
export function actingPerson({ person, kind }: SlackRequest): ActingPerson {
  const elsewhere = person.isUnknown ? 'unknown' : 'other';
  return { id: person.userId, home: person.isExternal ? elsewhere : 'own', kind: kind ?? 'person' };
}

/** Where a request's message belongs: in the thread in which it was asked, else in the channel. */
export function askedIn({ person, clicked, threadTs }: SlackRequest): { channel: string; thread?: string } {
  const thread = clicked ? clicked.threadTs : threadTs;
  return { channel: person.channelId, ...(thread !== undefined && { thread }) };
}

/** Slack's ids of direct messages begin with D. */
export function isDirect({ channel }: { channel: string }): { isDirect?: true } {
  return channel.startsWith('D') ? { isDirect: true } : {};
}
