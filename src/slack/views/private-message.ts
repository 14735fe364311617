import type { ExternalSelect, PlainTextOption } from '@slack/types';
import type { AwsError } from '../../domain/aws-error.ts';
import { explainAwsError } from '../../domain/explain-aws-error.ts';
import { type Queue, regionAndAccount } from '../../domain/queue.ts';
import { cut } from '../../domain/wording.ts';
import type { AccessRefusal } from '../../operations/access.ts';
import type { UnknownQueue } from '../../operations/check-queue.ts';
import {
  actions,
  button,
  codeSpan,
  escaped,
  type Message,
  mrkdwn,
  plain,
  said,
  section,
  withNote,
} from '../block-kit.ts';
import type { ButtonValue } from '../button-values.ts';
import { actionIds } from '../buttons.ts';
import { commandName } from '../commands.ts';

/** A section holds 3,000 characters. */
const roomInSection = 2_900;

/** A few lines that only one person sees. */
export function privateMessage(lines: readonly string[]): Message {
  return { text: lines.join('\n'), blocks: paragraphs(lines).map(section) };
}

/** The same with an ID to find it in the log. */
export function withErrorId(message: Message, errorId: string): Message {
  return withNote(message, `Error ID ${errorId}`);
}

function paragraphs(lines: readonly string[]): string[] {
  const done: string[] = [];
  for (const line of lines) {
    const joined = `${done.at(-1) ?? ''}\n${line}`;
    if (done.length > 0 && joined.length <= roomInSection) done[done.length - 1] = joined;
    else done.push(line);
  }
  return done;
}

export function awsErrorView(queue: Queue, awsError: AwsError): Message {
  const { meaning, remedy } = explainAwsError(awsError, queue);
  return privateMessage([`⚠️ *Couldn't check* ${codeSpan(queue.name)}`, mrkdwn(meaning), mrkdwn(remedy)]);
}

export function refusalView(refusal: AccessRefusal): Message {
  return privateMessage([`🔒 ${accessRefusalInWords(refusal)}`]);
}

export function accessRefusalInWords(refusal: AccessRefusal): string {
  switch (refusal.reason) {
    case 'external-person':
      return "People from other organizations can't use this bot here. Ask someone at the organization that runs it.";
    case 'unknown-home':
      return "Slack didn't say which organization you're from, so the bot can't answer you yet. Type `/dlq-tasks help` so that Slack tells the bot, then try again. If this keeps happening, the bot needs the scope `users:read`.";
    case 'channel':
      return `You can't use this bot in this channel. Use it in ${channelsInWords(refusal.allowed)}.`;
    case 'app-home':
      return `You can only use this bot in ${channelsInWords(refusal.allowed)}, so there is nothing to show here. Type \`/dlq-tasks\` there.`;
    case 'person':
      return `You're not on the list of people who can use this bot. Ask whoever runs it to add you${refusal.userGroups.length === 0 ? '' : ' or one of your user groups'}.`;
    case 'groups-unknown':
      return "Slack didn't say who is in the user groups that may use this bot, so the bot can't answer you yet. Try again in a minute. If this keeps happening, a group in the settings no longer exists, or the bot needs the scope `usergroups:read`.";
  }
}

function channelsInWords(channels: readonly string[]): string {
  const links = channels.slice(0, 5).map((id) => `<#${id}>`);
  return links.join(' or ');
}

/** More buttons would not fit into a message if all names are long. */
const choicesShown = 6;

/** For a name that several queues share. `searchable`: whether people can search in this deployment. */
export function choiceView(
  { typed, queues, asked }: { typed: string; queues: readonly Queue[]; asked: number },
  searchable: boolean,
): Message {
  const isLong = queues.length > choicesShown;
  const others = searchable ? 'search for it or use its ARN' : 'use its ARN';
  const rest = isLong ? ` These are the first ${choicesShown}. To get another, ${others}.` : '';
  return withQueueButtons(
    [`${codeSpan(typed, 100)} matches ${queues.length} queues. Which one?${rest}`],
    { queues: queues.slice(0, choicesShown), asked },
    isLong && searchable ? queuePicker({ asked, among: typed }) : undefined,
  );
}

/** With more queues than this, a list does not help. */
const fewQueues = 25;

export function unknownQueueView(
  { typed, nearest, asked, inSight }: Omit<UnknownQueue, 'kind' | 'hidden'>,
  searchable: boolean,
): Message {
  const isSearched = searchable && inSight.length > fewQueues;
  const one = nearest.length === 1 ? 'this one' : 'one of these';
  const didYouMean = nearest.length === 0 ? '' : `Did you mean ${one}? `;
  const all = `Type \`${commandName}\` to see them all${isSearched ? ', or search' : ''}.`;
  return withQueueButtons(
    [`No queue available in this channel matches ${codeSpan(typed, 100)}.`, `${didYouMean}${all}`],
    { queues: nearest, asked },
    isSearched ? queuePicker({ asked }) : undefined,
  );
}

function withQueueButtons(
  lines: string[],
  { queues, asked }: { queues: readonly Queue[]; asked: number },
  picker?: ReturnType<typeof queuePicker>,
): Message {
  const names = queues.map((queue) => `• ${codeSpan(queue.name)} ${escaped(regionAndAccount(queue))}`);
  const buttons = queues.map((queue, i) =>
    button(
      `${actionIds.showQueue}:${i}`,
      queues.length === 1 ? queue.alias : `${queue.alias} · ${queue.account.label} · ${queue.region}`,
      { q: queue.arn, n: asked },
    ),
  );
  const rows = [buttons, picker ? [picker] : []].filter(({ length }) => length > 0);
  return said([...lines, ...names].join('\n'), ...rows.map(actions));
}

export function mentionedView(queues: readonly Queue[]): Message {
  const rest =
    queues.length > choicesShown
      ? ` These are the first ${choicesShown}. To get another, type its name after ${codeSpan(commandName)}.`
      : '';
  const question =
    queues.length === 1
      ? 'This message might be about this queue. Show it in the thread?'
      : `This message mentions ${queues.length} queues. Which one do you want to see in the thread?${rest}`;
  return withQueueButtons([question], { queues: queues.slice(0, choicesShown), asked: 1 });
}

export function noneMentionedView(botName: string): Message {
  return privateMessage([
    "This message doesn't mention any queue available in this channel.",
    'The bot looks for names, aliases, ARNs, URLs, and console links of listed queues, and for alarms named after one.',
    `Type ${codeSpan(`${commandName} <queue>`)} in the channel, or ${codeSpan(`@${botName} <queue>`, 120)} in the thread.`,
  ]);
}

/** `asked`: how many tasks to show. `among`: only queues with this name. */
export type Picked = { asked: number; among?: string };

/** A select whose options Slack requests while a person types; a list of all queues would not fit in a message. */
function queuePicker(picked: Picked): ExternalSelect {
  return {
    type: 'external_select',
    action_id: pickerId(picked),
    placeholder: plain('Search for a queue'),
    min_query_length: 0,
  };
}

/** Slack accepts 75 characters in the text of an option, and 150 in its value. */
export function queueOption({ alias, account, region, arn }: Queue, asked: number): PlainTextOption {
  const picked: ButtonValue = { q: arn, n: asked };
  const text = `${cut(alias, 40)} · ${cut(account.label, 15)} · ${region}`;
  return { text: plain(cut(text, 75)), value: JSON.stringify(picked) };
}

/** The only text that fits in a search result; picking it shows the details. */
export function unknownHomeOption(): PlainTextOption {
  const text = "Slack didn't say which organization you're from. Pick this for details.";
  return { text: plain(text), value: 'unknown-home' };
}

/** An id holds 255 characters. */
const longestAmong = 200;

/** A search request contains only this id and what was typed. */
function pickerId({ asked, among = '' }: Picked): string {
  return `${actionIds.pickQueue}:${asked}:${among.length > longestAmong ? '' : among}`;
}

/** undefined for an id that the bot did not write. */
export function readPickerId(id: string): Picked | undefined {
  const [prefix, asked, ...among] = id.split(':');
  if (prefix !== actionIds.pickQueue || !/^(?:[1-9]|10)$/.test(asked ?? '')) return undefined;
  const name = among.join(':');
  return { asked: Number(asked), ...(name !== '' && { among: name }) };
}
