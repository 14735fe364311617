import type { ActingPerson } from '../domain/actions/who-may.ts';
import type { CardPlace } from '../domain/message-place.ts';
import { appHomeId, type Person } from '../operations/access.ts';
import type { BotIdentity } from './bot-identity.ts';
import { type Submitted, threadOfBlock } from './buttons.ts';
import { type Origin, originByTeams, originOfCommand, personFrom } from './person-origin.ts';
import { isObject } from './signed-request.ts';

export type SlackRequest = {
  /** For the log: `command`, or the id of the button. */
  what: string;
  person: Person;
  /** What the request itself shows about where the person is from. */
  origin?: Origin;
  /** What was typed after the command, or the button's value. */
  text: string;
  responseUrl?: string;
  threadTs?: string;
  /** Asked in the channel, so private messages belong there: Slack shows none in a thread without replies. */
  isInChannel?: true;
  /** The answer is posted with this key, so that it can be found again. */
  answerKey?: string;
  /** The texts of the message that the shortcut was used on. */
  messageTexts?: readonly string[];
  /** The message whose button was clicked; absent if it is private, because a private message can't be edited. */
  clicked?: CardPlace;
  /**
   * Whether this process should answer, if several may receive the same request; absent: it should. Await it
   * before saying or changing anything, but not before reading. Never rejects.
   */
  isOurs?: Promise<boolean>;
  /** Opens a form, once and within three seconds. */
  triggerId?: string;
  /** Resolves with the id of the form that is being opened, or undefined if Slack opened none. */
  form?: Promise<string | undefined>;
  /** Who or what sent it; absent: a person. */
  kind?: 'bot' | 'workflow';
  submitted?: Submitted;
  /** What can't be said in the channel is sent as a direct message: there is no response URL. */
  orDirectly?: true;
  /** Asked in the app's Home, which belongs to one person and to no channel. */
  isAppHome?: true;
};

export async function isAnsweredElsewhere({ isOurs }: SlackRequest): Promise<boolean> {
  return (await isOurs) === false;
}

/** More than a person types, and more than a button's value can hold. */
const longestText = 3_000;

/** Undefined if it does not say who asks, and where. */
export function commandRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const command: Record<string, unknown> = { ...body };
  const userId = idIn(command['user_id']);
  const channelId = idIn(command['channel_id']);
  if (userId === undefined || channelId === undefined) return undefined;
  const origin = originOfCommand(identity, idIn(command['team_id']), idIn(command['enterprise_id']));
  return {
    what: 'command',
    ...askedBy({ userId, channelId }, origin),
    text: (textIn(command['text']) ?? '').slice(0, longestText),
    ...responseUrlIn(command),
    ...triggerIn(command),
    ...kindIn(command, undefined),
  };
}

/** Who asks, as far as the request itself shows it. */
export function askedBy(
  who: Pick<Person, 'userId' | 'channelId'>,
  origin: Origin,
): Pick<SlackRequest, 'person' | 'origin'> {
  return { person: personFrom(who, origin.verdict), origin };
}

/** From the `user` of a click, a search or a shortcut. */
export function originOfUser(identity: BotIdentity, user: Record<string, unknown> | undefined): Origin {
  const teamId = idIn(user?.['team_id']);
  return originByTeams(identity, teamId === undefined ? [] : [teamId]);
}

/** Undefined if it does not say who clicked, and where. */
export function clickRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const click: Record<string, unknown> = { ...body };
  const [user, channel, container, message] = ['user', 'channel', 'container', 'message'].map((part) =>
    recordIn(click[part]),
  );
  const userId = idIn(user?.['id']);
  const isAppHome = recordIn(click['view'])?.['type'] === 'home';
  const channelId = isAppHome ? appHomeId : (idIn(channel?.['id']) ?? idIn(container?.['channel_id']));
  if (userId === undefined || channelId === undefined) return undefined;
  const action = Array.isArray(click['actions']) ? recordIn(click['actions'][0]) : undefined;
  const picked = recordIn(action?.['selected_option']);
  const messageThread = tsIn(message?.['thread_ts']) ?? tsIn(container?.['thread_ts']);
  const threadTs = threadOfBlock(action?.['block_id']) ?? messageThread;
  const ts = container?.['is_ephemeral'] === true ? undefined : tsIn(message?.['ts']);
  return {
    what: textIn(action?.['action_id']) ?? 'unknown',
    ...askedBy({ userId, channelId }, originOfUser(identity, user)),
    text: (textIn(action?.['value']) ?? textIn(picked?.['value']) ?? '').slice(0, longestText),
    ...(isAppHome && { isAppHome }),
    ...responseUrlIn(click),
    ...triggerIn(click),
    ...kindIn(click, user),
    ...(threadTs !== undefined && { threadTs }),
    ...(messageThread === undefined && { isInChannel: true }),
    ...(ts !== undefined && { clicked: cardOf(channelId, ts, messageThread) }),
  };
}

/** For the parent of a thread, `thread_ts` is its own ts. */
function cardOf(channel: string, ts: string, threadTs: string | undefined): CardPlace {
  return { channel, ts, ...(threadTs !== undefined && threadTs !== ts && { threadTs }) };
}

function triggerIn({ trigger_id: id }: Record<string, unknown>): { triggerId?: string } {
  return typeof id === 'string' && id !== '' ? { triggerId: id } : {};
}

export function responseUrlIn({ response_url: url }: Record<string, unknown>): { responseUrl?: string } {
  return typeof url === 'string' && url !== '' ? { responseUrl: url } : {};
}

/** A Slack id, such as U0123456789. */
export function idIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Z0-9]{1,40}$/.test(value) ? value : undefined;
}

export function tsIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{1,15}\.\d{1,9}$/.test(value) ? value : undefined;
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function recordIn(value: unknown): Record<string, unknown> | undefined {
  return isObject(value) ? value : undefined;
}

/** A bot's user or a workflow step that clicked on someone's behalf. */
export function kindIn(
  body: Record<string, unknown>,
  user: Record<string, unknown> | undefined,
): { kind?: 'bot' | 'workflow' } {
  if (body['function_data'] !== undefined || body['interactivity'] !== undefined) return { kind: 'workflow' };
  const isBot = user?.['is_bot'] === true || user?.['id'] === 'USLACKBOT' || body['bot_id'] !== undefined;
  return isBot ? { kind: 'bot' } : {};
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
