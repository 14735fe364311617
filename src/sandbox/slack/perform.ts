import { clickedElement } from './clicked-element.ts';
import type { Acknowledgement, Dispatcher } from './delivery.ts';
import { slackbotId } from './messages.ts';
import type { Channel, PageAction, PageActionResult, PageMessage, Person } from './page-contract.ts';
import type { PageFaults } from './page-faults.ts';
import { clickPayload, commandPayload, mentionPayload, shortcutPayload } from './payloads.ts';
import { Refusal } from './refusal.ts';
import { type ResponseUrls, respond } from './response-urls.ts';
import { storedText } from './typed-text.ts';
import type { Workspace } from './workspace.ts';

type Parts = {
  workspace: Workspace;
  dispatcher: Dispatcher;
  responseUrls: ResponseUrls;
  pageFaults: PageFaults;
};

type ActionOf<D extends PageAction['do']> = Extract<PageAction, { do: D }>;

const done: PageActionResult = { ok: true };
const failed = (error: string): PageActionResult => ({ ok: false, error });
/** What Slack shows beside a button or shortcut whose app did not answer. */
const noAnswer = (error: string) => failed(`We had some trouble connecting. Try again? (${error})`);

/** Everything a person can do on the page. The promise ends when Slack would have told them how it went. */
export function createPerform({ workspace, dispatcher, responseUrls, pageFaults }: Parts) {
  const { messages } = workspace;

  async function send(action: ActionOf<'send'>): Promise<PageActionResult> {
    const where = placeOf(action);
    const [, command, words = ''] = /^(\/\S+)(?:\s+([\s\S]*))?$/.exec(action.text.trim()) ?? [];
    if (where.channel.isArchived) throw new Refusal('This channel is archived.');
    if (command === undefined) return say(where, action);
    if (!workspace.settings.commands.some((known) => known.command === command)) {
      return failed(`${command} is not a valid command.`);
    }
    if (action.threadTs) return failed(`${command} is not supported in threads. Sorry!`);
    return runCommand(where, command, words.trim());
  }

  async function runCommand(where: Where, command: string, text: string): Promise<PageActionResult> {
    const origin = { person: where.person.id, channel: where.channel.id };
    const responseUrl = responseUrls.issue(origin);
    const payload = commandPayload(workspace, where, { command, text, responseUrl });
    const acknowledged = await dispatcher.deliver('command', payload);
    const complain = (error: string) => failed(`${command} failed with the error "${error}"`);
    if (!acknowledged.ok) return complain(acknowledged.error);
    try {
      if (acknowledged.body) respond(workspace, origin, acknowledged.body);
      return done;
    } catch (error) {
      if (error instanceof Refusal) return complain(error.code);
      throw error;
    }
  }

  function say(where: Where, { threadTs, text: typed }: ActionOf<'send'>): PageActionResult {
    const text = storedText(typed, workspace);
    if (!text.trim()) return failed('There is nothing to send.');
    if (threadTs && !messages.find(where.channel.id, threadTs)) return failed('This thread is gone.');
    const message = messages.add({ channel: where.channel.id, author: where.person.id, text, threadTs });
    if (text.includes(`<@${workspace.settings.bot.userId}>`)) tellOfMention(where, message);
    return done;
  }

  /** Apps hear of mentions only where they are members; elsewhere Slackbot offers to invite them. */
  function tellOfMention(where: Where, message: PageMessage) {
    const { bot } = workspace.settings;
    if (where.channel.botIsMember && !workspace.isMissingScope('app_mentions:read')) {
      void dispatcher.deliverEvent(mentionPayload(workspace, where, message));
    } else if (!where.channel.botIsMember) {
      messages.add({
        channel: where.channel.id,
        author: slackbotId,
        text: `You mentioned <@${bot.userId}>, but they’re not in this channel.`,
        threadTs: message.threadTs,
        ephemeralFor: where.person.id,
      });
    }
  }

  async function click(action: ActionOf<'click'>): Promise<PageActionResult> {
    const where = placeOf(action);
    const message = visibleMessage(action);
    const element = clickedElement(message, action);
    if (!element) return failed('This message has no such button any more.');
    const responseUrl = responseUrls.issue({ person: action.person, channel: action.channel, ts: action.ts });
    const payload = clickPayload(workspace, where, { message, element, responseUrl });
    return resultOf(await dispatcher.deliver('click', payload));
  }

  async function shortcut(action: ActionOf<'shortcut'>): Promise<PageActionResult> {
    const where = placeOf(action);
    const message = visibleMessage(action);
    if (message.ephemeralFor) return failed('Shortcuts do not work on messages only you can see.');
    const { callbackId } = action;
    const isKnown = workspace.settings.shortcuts.some((known) => known.callbackId === callbackId);
    if (!isKnown) return failed('There is no such shortcut.');
    const responseUrl = responseUrls.issue({ person: action.person, channel: action.channel, ts: action.ts });
    const payload = shortcutPayload(workspace, where, { message, callbackId, responseUrl });
    return resultOf(await dispatcher.deliver('shortcut', payload));
  }

  function changeChannel(id: string, change: Partial<Channel>): PageActionResult {
    workspace.channels.set(id, { ...channelOf(id), ...change });
    workspace.changed();
    return done;
  }

  type Where = { person: Person; channel: Channel };

  function channelOf(id: string): Channel {
    const channel = workspace.channels.get(id);
    if (!channel) throw new Refusal('There is no such channel.');
    return channel;
  }

  function placeOf(action: { person: string; channel: string }): Where {
    const person = workspace.people.get(action.person);
    if (!person) throw new Refusal('There is no such person.');
    return { person, channel: channelOf(action.channel) };
  }

  function visibleMessage(action: { person: string; channel: string; ts: string }): PageMessage {
    const message = messages.find(action.channel, action.ts);
    const isHidden = message?.ephemeralFor !== undefined && message.ephemeralFor !== action.person;
    if (!message || isHidden || messages.isDeleted(message)) throw new Refusal('This message is gone.');
    return message;
  }

  async function act(action: PageAction): Promise<PageActionResult> {
    switch (action.do) {
      case 'send':
        return send(action);
      case 'click':
        return click(action);
      case 'shortcut':
        return shortcut(action);
      case 'delete':
        return messages.remove(action.channel, action.ts) ? done : failed('This message is gone.');
      case 'set-bot-member':
        return changeChannel(action.channel, { botIsMember: action.isMember });
      case 'set-archived':
        return changeChannel(action.channel, { isArchived: action.isArchived });
      case 'set-fault':
        return pageFaults.set(action.name, action.isOn) ? done : failed('There is no such switch.');
    }
  }

  return async function perform(action: PageAction): Promise<PageActionResult> {
    try {
      return await act(action);
    } catch (error) {
      if (error instanceof Refusal) return failed(error.code);
      throw error;
    }
  };
}

function resultOf(acknowledged: Acknowledgement): PageActionResult {
  return acknowledged.ok ? done : noAnswer(acknowledged.error);
}
