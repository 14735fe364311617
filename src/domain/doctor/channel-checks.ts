import type { Queue } from '../queue.ts';
import type { AccessRules } from '../settings.ts';
import { phrase } from '../wording.ts';
import { type Check, faultCheck, okCheck, unprovenCheck } from './check.ts';

export type Membership = { channel: string; answer: 'in' | 'not-in' | 'not-found' | { code: string } };

export function channelsNamed(
  queues: readonly Queue[],
  { channels }: Pick<AccessRules, 'channels'>,
): Map<string, string> {
  const uses = new Map<string, string>();
  const add = (channel: string, use: string) => uses.set(channel, uses.get(channel) ?? use);
  for (const { notify, alias } of queues) if (notify !== undefined) add(notify, `notify of ${alias}`);
  for (const { redrive } of queues)
    if (redrive?.channel !== undefined) add(redrive.channel, 'redrive.channel');
  for (const queue of queues)
    for (const channel of queue.channels) add(channel, `channels of ${queue.alias}`);
  for (const channel of channels) add(channel, 'access.channels');
  return uses;
}

export function channelChecks(
  memberships: readonly Membership[],
  uses: ReadonlyMap<string, string>,
  botName: string,
): Check[] {
  const inside = memberships.filter(({ answer }) => answer === 'in').length;
  const some = inside === 1 ? '1 channel' : `${inside} channels`;
  return [
    ...(inside > 0 ? [okCheck('Slack', 'channels', [`the bot is in ${some} from the settings`])] : []),
    ...memberships.flatMap((one) => checkOf(one, uses.get(one.channel) ?? '', botName)),
  ];
}

function checkOf({ channel, answer }: Membership, use: string, botName: string): Check[] {
  const subject = `channel ${channel}`;
  const invite = phrase`${`/invite @${botName}`}`;
  if (answer === 'in') return [];
  if (answer === 'not-in') {
    const finding = phrase`The bot is not in it (${use}) and can't post cards there.`;
    return [faultCheck('Slack', subject, finding, phrase`Type ${invite} there.`)];
  }
  if (answer === 'not-found') {
    const finding = phrase`The bot can't find it (${use}): the id is wrong, or the channel is private and the bot is not in it.`;
    return [faultCheck('Slack', subject, finding, phrase`Type ${invite} there, or correct the settings.`)];
  }
  const finding = phrase`Couldn't check whether the bot is in it (${answer.code}).`;
  return [
    unprovenCheck('Slack', subject, finding, phrase`Fix the other Slack problems, and run this again.`),
  ];
}
