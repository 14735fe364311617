import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';
import type { CardAt } from './people.ts';

type Slack = Pick<LocalSlack, 'state'>;

/** If Slack rejected the metadata, a notification is identified by its text. */
const words: [string, RegExp][] = [
  ['joined', /^👀 /],
  ['ended', /^(✅|❌|🚫) \*The redrive of /],
  ['bounced-back', /^↩️ /],
  ['coming-back', /^🔁 /],
  ['cannot-see', /^⚠️ \*Haven't been able to check .* for /],
  ['can-see-again', /^👁️ /],
];

/** The notification's kind, by its key or else by its text. */
export function kindOf(message: PageMessage): string {
  const kind = keyOf(message)?.split('/')[1];
  return kind ?? words.find(([, pattern]) => pattern.test(message.text))?.[0] ?? '';
}

function keyOf({ metadata }: PageMessage): string | undefined {
  const key = metadata?.event_payload['key'];
  return typeof key === 'string' ? key : undefined;
}

export const isDirect = ({ channel }: PageMessage) => channel.startsWith('D');

/** All messages about a watch: in the card's thread or, with a link to the card, in the channel. */
export function saidOf({ card }: { card: CardAt }, slack: Slack): PageMessage[] {
  return slack
    .state()
    .messages.filter((said) => said.channel === card.channel && cardOf(said) === placeOf(card));
}

function placeOf({ channel, ts }: CardAt): string {
  return `${channel}/p${ts.replace('.', '')}`;
}

/** The card that a notification is about, as Slack's links name it. */
function cardOf({ channel, threadTs, text }: PageMessage): string | undefined {
  if (threadTs !== undefined) return placeOf({ channel, ts: threadTs });
  return /\/archives\/(\w+\/p\d+)\|the redrive>/.exec(text)?.[1];
}

/** What was sent more than once, to the channel or to one person. */
export function toldTwice(slack: Slack): string[] {
  const { messages } = slack.state();
  const keys = messages.flatMap((said) => keyOf(said) ?? []);
  const isAgain = (one: string, index: number, all: string[]) => all.indexOf(one) !== index;
  return [...keys.filter(isAgain), ...withoutKeyTwice(messages)];
}

/** A message without a key has the same first line as the one that it repeats. */
function withoutKeyTwice(messages: PageMessage[]): string[] {
  const firstLine = (said: PageMessage) =>
    `${said.channel} ${cardOf(said)} ${kindOf(said)} ${said.text.split('\n')[0]}`;
  const notifications = messages.filter((said) => kindOf(said) !== '');
  return notifications
    .filter((said) => keyOf(said) === undefined)
    .map(firstLine)
    .filter((line) => notifications.filter((said) => firstLine(said) === line).length > 1);
}
