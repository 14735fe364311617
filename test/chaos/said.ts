import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';
import type { CardAt } from './people.ts';

type Slack = Pick<LocalSlack, 'state'>;

/** Where Slack has not taken the metadata, a notice is known by its words. */
const words: [string, RegExp][] = [
  ['joined', /^👀 /],
  ['ended', /^(✅|❌|🚫) \*The redrive of /],
  ['bounced-back', /^↩️ /],
  ['cannot-see', /^⚠️ \*Couldn't check .* for /],
  ['can-see-again', /^👁️ /],
];

/** Which notice it is, by its key or else by its words. */
export function kindOf(message: PageMessage): string {
  const kind = keyOf(message)?.split('/')[1];
  return kind ?? words.find(([, pattern]) => pattern.test(message.text))?.[0] ?? '';
}

function keyOf({ metadata }: PageMessage): string | undefined {
  const key = metadata?.event_payload['key'];
  return typeof key === 'string' ? key : undefined;
}

export const isDirect = ({ channel }: PageMessage) => channel.startsWith('D');

/** All that was said of a watch: in the card's thread, or, with a link to the card, in the channel. */
export function saidOf({ card }: { card: CardAt }, slack: Slack): PageMessage[] {
  return slack
    .state()
    .messages.filter((said) => said.channel === card.channel && cardOf(said) === placeOf(card));
}

function placeOf({ channel, ts }: CardAt): string {
  return `${channel}/p${ts.replace('.', '')}`;
}

/** The card that a notice is about, as it stands in Slack's links. */
function cardOf({ channel, threadTs, text }: PageMessage): string | undefined {
  if (threadTs !== undefined) return placeOf({ channel, ts: threadTs });
  return /\/archives\/(\w+\/p\d+)\|the redrive>/.exec(text)?.[1];
}

/** What was told more than once, to all or to one person alone. */
export function toldTwice(slack: Slack): string[] {
  const { messages } = slack.state();
  const keys = messages.flatMap((said) => keyOf(said) ?? []);
  const isAgain = (one: string, index: number, all: string[]) => all.indexOf(one) !== index;
  return [...keys.filter(isAgain), ...withoutKeyTwice(messages)];
}

/** One without a key has the same first line as the one that it repeats. */
function withoutKeyTwice(messages: PageMessage[]): string[] {
  const firstLine = (said: PageMessage) =>
    `${said.channel} ${cardOf(said)} ${kindOf(said)} ${said.text.split('\n')[0]}`;
  const notifications = messages.filter((said) => kindOf(said) !== '');
  return notifications
    .filter((said) => keyOf(said) === undefined)
    .map(firstLine)
    .filter((line) => notifications.filter((said) => firstLine(said) === line).length > 1);
}
