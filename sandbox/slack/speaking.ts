import type { Dispatcher } from './delivery.ts';
import { slackbotId } from './messages.ts';
import type { PageAction, PageActionResult, PageMessage } from './page-contract.ts';
import { commandPayload, mentionPayload } from './payloads.ts';
import { type Place, placeOf } from './place.ts';
import { Refusal } from './refusal.ts';
import { type ResponseUrls, respond } from './response-urls.ts';
import { storedText } from './typed-text.ts';
import type { Workspace } from './workspace.ts';

type Parts = { workspace: Workspace; dispatcher: Dispatcher; responseUrls: ResponseUrls };
type Send = Extract<PageAction, { do: 'send' }>;

/** A person sends the composer's text. */
export async function send(parts: Parts, action: Send): Promise<PageActionResult> {
  const { workspace } = parts;
  const place = placeOf(workspace, action);
  const [, command, words = ''] = /^(\/\S+)(?:\s+([\s\S]*))?$/.exec(action.text.trim()) ?? [];
  if (place.channel.isArchived) throw new Refusal('This channel is archived.');
  if (command === undefined) return say(parts, place, action);
  if (!workspace.settings.commands.some((known) => known.command === command)) {
    throw new Refusal(`${command} is not a valid command.`);
  }
  if (action.threadTs) throw new Refusal(`${command} is not supported in threads. Sorry!`);
  return runCommand(parts, place, command, words.trim());
}

async function runCommand(
  { workspace, dispatcher, responseUrls }: Parts,
  place: Place,
  command: string,
  text: string,
): Promise<PageActionResult> {
  const origin = { person: place.person.id, channel: place.channel.id };
  const responseUrl = responseUrls.issue(origin);
  const payload = commandPayload(workspace, place, { command, text, responseUrl });
  const acknowledged = await dispatcher.deliver('command', payload);
  const failed = (error: string) => new Refusal(`${command} failed with the error "${error}"`);
  if (!acknowledged.ok) throw failed(acknowledged.error);
  try {
    if (acknowledged.body) respond(workspace, origin, acknowledged.body);
  } catch (error) {
    throw error instanceof Refusal ? failed(error.code) : error;
  }
  return { ok: true };
}

function say(parts: Parts, place: Place, { threadTs, text: typed }: Send): PageActionResult {
  const { messages, settings } = parts.workspace;
  const text = storedText(typed, parts.workspace);
  if (!text.trim()) throw new Refusal('There is nothing to send.');
  if (threadTs && !messages.find(place.channel.id, threadTs)) throw new Refusal('This thread is gone.');
  const message = messages.add({ channel: place.channel.id, author: place.person.id, text, threadTs });
  if (text.includes(`<@${settings.bot.userId}>`)) tellOfMention(parts, place, message);
  return { ok: true };
}

/** Apps receive mentions only where they are members; elsewhere Slackbot tells the person so. */
function tellOfMention({ workspace, dispatcher }: Parts, place: Place, message: PageMessage) {
  if (!place.channel.botIsMember) {
    workspace.messages.add({
      channel: place.channel.id,
      author: slackbotId,
      text: `You mentioned <@${workspace.settings.bot.userId}>, but they’re not in this channel.`,
      threadTs: message.threadTs,
      ephemeralFor: place.person.id,
    });
  } else if (!workspace.isMissingScope('app_mentions:read')) {
    void dispatcher.deliverEvent(mentionPayload(workspace, place, message));
  }
}
