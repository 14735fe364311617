import type { Channel, PageMessage, Person } from './page-contract.ts';
import { Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

/** Who does something, and where. */
export type Place = { person: Person; channel: Channel };

export function channelOf({ channels }: Workspace, id: string): Channel {
  const channel = channels.get(id);
  if (!channel) throw new Refusal('There is no such channel.');
  return channel;
}

export function personOf({ people }: Workspace, id: string): Person {
  const person = people.get(id);
  if (!person) throw new Refusal('There is no such person.');
  return person;
}

export function placeOf(workspace: Workspace, action: { person: string; channel: string }): Place {
  return { person: personOf(workspace, action.person), channel: channelOf(workspace, action.channel) };
}

export function visibleMessage(
  { messages }: Workspace,
  action: { person: string; channel: string; ts: string },
): PageMessage {
  const message = messages.find(action.channel, action.ts);
  const isHidden = message?.ephemeralFor !== undefined && message.ephemeralFor !== action.person;
  if (!message || isHidden || messages.isDeleted(message)) throw new Refusal('This message is gone.');
  return message;
}
