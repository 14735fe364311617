import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  RichTextBlock,
  RichTextElement,
  SectionBlock,
} from '@slack/types';
import type { CardPlace } from '../domain/message-place.ts';
import type { MoveTask } from '../domain/move-task.ts';
import { nameInArn, type Queue, regionAndAccount } from '../domain/queue.ts';
import { originalSources, statusInWords } from '../domain/task-words.ts';
import { cut, graphemes, type Phrase, shownAs, timeInWords, visible } from '../domain/wording.ts';
import type { Carried } from './button-values.ts';

/** A message as Slack accepts it. `text` has everything that the blocks show, for notifications and screen readers. */
export type Message = { text: string; blocks: KnownBlock[] };

/**
 * A message with its blocks as JSON text. If Slack's client gets the blocks themselves, it copies all of them
 * without possible tokens for a debug log line, which takes longer than sending them.
 */
export function asSent({ text, blocks }: Message): Message {
  return { text, blocks: JSON.stringify(blocks) as unknown as KnownBlock[] };
}

/** A message of one section, with what follows it. */
export function said(text: string, ...more: KnownBlock[]): Message {
  return { text, blocks: [section(text), ...more] };
}

/** The same with a line in small print below it. */
export function withNote({ text, blocks }: Message, note: string): Message {
  return { text: `${text}\n${note}`, blocks: [...blocks, context(note)] };
}

/** `verbatim` keeps Slack from turning plain words into links and mentions. */
function markdown(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(cut(text, 150)) };
}

export function section(text: string): SectionBlock {
  return { type: 'section', text: markdown(text) };
}

export function fields(pairs: readonly (readonly [label: string, value: string])[]): SectionBlock {
  return { type: 'section', fields: pairs.map(([label, value]) => markdown(`*${label}*\n${value}`)) };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [markdown(text)] };
}

export function plainContext(text: string): ContextBlock {
  return { type: 'context', elements: [plain(text)] };
}

/** One line of elements that Slack neither formats nor links. */
export function richText(...elements: RichTextElement[]): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

export function actions(elements: ActionsBlock['elements']): ActionsBlock {
  return { type: 'actions', elements };
}

export function button(actionId: string, label: string, value: Carried): Button {
  return { type: 'button', action_id: actionId, text: plain(cut(label, 75)), value: JSON.stringify(value) };
}

export function linkButton(actionId: string, label: string, url: string): Button {
  return { type: 'button', action_id: actionId, text: plain(cut(label, 75)), url };
}

/** Slack reads `&`, `<` and `>` as the start of mentions and links, also in a fallback text. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Makes outside text harmless: in a code span nothing links, mentions or formats. */
export function codeSpan(text: string, atMost = 300): string {
  const oneLine = visible(text.slice(0, 2 * atMost).replaceAll('`', "'"));
  return `\`${escapedAndCut(oneLine === '' ? '(empty)' : oneLine, atMost)}\``;
}

/** `atMost` counts the escaped text: `<` takes four characters. */
function escapedAndCut(text: string, atMost: number): string {
  let written = '';
  for (const point of text) {
    const next = escaped(point);
    if (written.length + next.length >= atMost) return `${written}…`;
    written += next;
  }
  return written;
}

const emoji = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]/gu;
/** Slack counts an emoji as its name between colons. */
const nameOfEmoji = 25;

/** The beginning of a text that Slack counts as fewer characters than that. */
export function cutAsCounted(text: string, atMost: number): string {
  let counted = 0;
  for (const { segment, index } of graphemes(text)) {
    counted += segment.length + nameOfEmoji * [...segment.matchAll(emoji)].length;
    if (counted >= atMost) return `${text.slice(0, index)}…`;
  }
  return text;
}

export const usualTime = '{date_short_pretty} at {time}';

/** `before`: the words before it. Slack writes "Today" only at the beginning of a format, and "today" elsewhere. */
export function slackTime(ms: number, before: string): string {
  return dateToken(ms, `${before}${usualTime}`);
}

/** When something was polled, to the second. */
export function updatedAt(ms: number): string {
  return dateToken(ms, 'Updated {date_short_pretty} at {time_secs}');
}

/** Slack shows it in the reader's own time zone. Its date token takes whole seconds of 1970 to 9999. */
function dateToken(ms: number, format: string): string {
  const isShowable = ms >= 0 && ms < 253_402_300_800_000;
  const text = format.replace(/\{.*\}/, timeInWords(isShowable ? ms : Number.NaN));
  return isShowable ? `<!date^${Math.floor(ms / 1000)}^${format}|${text}>` : text;
}

/** A person by their Slack mention; an ID in another format is shown as is. */
export function personInWords(user: string): string {
  return /^[UW][A-Z0-9]{1,30}$/.test(user) ? `<@${user}>` : codeSpan(user, 40);
}

/** What to type so that the bot may post in a channel. */
export function inviteOf(botName: string): string {
  return codeSpan(`/invite @${cut(botName, 80)}`);
}

/** Slack's format for the address of a message. */
export function linkToMessage({ channel, ts }: CardPlace, workspaceUrl: string): string {
  return `${workspaceUrl}archives/${channel}/p${ts.replace('.', '')}`;
}

/** More names would push the rest of the message out of view. */
const namedAtMost = 50;

export function peopleInWords(users: readonly string[]): string {
  return firstOf(users.map(personInWords), namedAtMost);
}

/** The first ones of a list, and how many more there are. */
export function firstOf(all: readonly string[], atMost: number): string {
  const more = all.length - atMost;
  return [...all.slice(0, atMost), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const style = {
  word: escaped,
  name: (name: string) => codeSpan(name),
  person: personInWords,
  time: slackTime,
};

export function mrkdwn(said: Phrase): string {
  return shownAs(said, { ...style, strong: (shown) => `*${shown}*` });
}

export function destinationMrkdwn(arn: string | undefined): string {
  return arn === undefined ? originalSources : codeSpan(nameInArn(arn), 100);
}

/** A message about a queue: its title, and what follows it in plain text and in blocks. */
export function headed(title: string, queue: Queue, lines: string[], blocks: KnownBlock[]): Message {
  const where = regionAndAccount(queue);
  return {
    text: [`${escaped(title)} (${escaped(where)})`, ...lines].join('\n'),
    blocks: [header(title), plainContext(where), ...blocks],
  };
}

/** The same pairs as `fields` shows, in plain text. */
export function inLines(pairs: readonly (readonly [label: string, value: string])[]): string[] {
  return pairs.map(([label, value]) => `${label}: ${value}`);
}

export function statusMrkdwn(task: MoveTask): string {
  return mrkdwn(statusInWords(task));
}

/** For the plain-text twin of blocks, which has no formatting. */
export function unmarked(said: Phrase): string {
  return shownAs(said, { ...style, strong: (shown) => shown });
}
