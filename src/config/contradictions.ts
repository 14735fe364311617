import * as z from 'zod';
import { allows, parseQueueArn } from '../domain/queue.ts';
import { Channels, defaultWatchSettings, RequestChannel, WatchSettings } from '../domain/settings.ts';
import { customRates } from '../domain/sqs-limits.ts';
import { aliasFault, labelFault, parseRoleArn, SqsArn } from './names.ts';
import { AccountId, Channel, inFull, isOff, RoleArn, ratesOf } from './settings-schema.ts';

/** What a schema can't see: a conflict with something else in the file. */
type Contradiction = { path: PropertyKey[]; message: string };

/** Parts of the settings that contradict each other. */
export function contradictions(value: unknown): Contradiction[] {
  const { data: parts } = GoodParts.safeParse(value);
  if (!parts) return [];
  return [
    ...accountContradictions(parts),
    ...Object.keys(parts.queues).flatMap((alias) => [
      ...queueContradictions(alias, parts),
      ...roleContradictions(alias, parts),
      ...queueRedriveContradictions(alias, parts),
    ]),
    ...watchContradictions(parts),
    ...redriveContradictions(parts),
  ];
}

/** Without a message there is none. */
function fault(path: PropertyKey[], message: string | false | undefined): Contradiction[] {
  return message ? [{ path, message }] : [];
}

function accountContradictions({ accounts }: GoodParts): Contradiction[] {
  const labels = new Map<string | undefined, string>();
  return Object.entries(accounts).flatMap(([label, { id, roleArn, redriveRoleArn }]) => {
    const path = ['accounts', label];
    const first = labels.get(id);
    if (id !== undefined) labels.set(id, first ?? label);
    return [
      ...fault(path, labelFault(label)),
      ...fault(
        [...path, 'id'],
        first !== undefined && `is already the ID of ${first}; list each account once`,
      ),
      ...foreignRole([...path, 'roleArn'], roleArn, id),
      ...foreignRole([...path, 'redriveRoleArn'], redriveRoleArn, id),
    ];
  });
}

function queueContradictions(alias: string, { queues, access }: GoodParts): Contradiction[] {
  const { arn, channels, notify } = queues[alias] ?? {};
  const path = ['queues', alias];
  const twin = Object.keys(queues).find((other) => queues[other]?.arn === arn);
  const isTwin = arn !== undefined && twin !== alias;
  return [
    ...fault(path, aliasFault(alias)),
    ...fault([...path, 'notify'], notAmong(notify, "the queue's own channels", channels)),
    ...fault([...path, 'notify'], notAmong(notify, 'access.channels', access.channels)),
    ...fault([...path, 'arn'], isTwin && `is already the queue of ${twin}; list each queue once`),
  ];
}

/** The bot posts about a queue only where it may be seen. */
function notAmong(channel: string | undefined, whose: string, channels: readonly string[] = []) {
  const isForbidden = channel !== undefined && !allows(channels, channel);
  return isForbidden && `is ${channel}, which is not in ${whose} (${channels.join(', ')})`;
}

function roleContradictions(alias: string, { queues, accounts }: GoodParts): Contradiction[] {
  const { arn = '', roleArn: ownRole } = queues[alias] ?? {};
  const path = ['queues', alias, 'arn'];
  const queue = parseQueueArn(arn);
  if (!queue) return [];
  const account = Object.entries(accounts).find(([, { id }]) => id === queue.accountId);
  if (!account) {
    // If an account's ID is wrong, nothing can tell whether a queue belongs to it.
    const isAnyIdUnknown = Object.values(accounts).some(({ id }) => id === undefined);
    const message = `is in account ${queue.accountId}, which is not listed under accounts`;
    return fault(path, !isAnyIdUnknown && message);
  }
  const [label, { roleArn: accountRole }] = account;
  const foreign = foreignRole(['queues', alias, 'roleArn'], ownRole, queue.accountId);
  const role = parseRoleArn(ownRole ?? accountRole ?? '');
  if (!role || foreign.length > 0 || role.partition === queue.partition) return foreign;
  const whose = ownRole ? 'its role' : `the role of ${label}`;
  return fault(path, `is in partition ${queue.partition}, but ${whose} is in ${role.partition}`);
}

function watchContradictions({ watch }: GoodParts): Contradiction[] {
  const {
    minPollSeconds: min = defaultWatchSettings.minPollSeconds,
    maxPollSeconds: max = defaultWatchSettings.maxPollSeconds,
    stalledAfterMinutes: stalled = defaultWatchSettings.stalledAfterMinutes,
  } = watch;
  const key = watch.minPollSeconds === undefined ? 'maxPollSeconds' : 'minPollSeconds';
  const message = `minPollSeconds (${min}) must not be more than maxPollSeconds (${max})`;
  // The bot checks for a stall on time, so it would poll more often than `minPollSeconds` allows.
  const tooShort = `stalledAfterMinutes (${stalled}) must not be shorter than minPollSeconds (${min})`;
  return [
    ...fault(['watch', key], min > max && message),
    ...fault(['watch', 'stalledAfterMinutes'], min > stalled * 60 && tooShort),
  ];
}

function redriveContradictions({ redrive, accounts, queues, access }: GoodParts): Contradiction[] {
  if (!redrive) return [];
  const hasRole = [...Object.values(accounts), ...Object.values(queues)].some(
    ({ redriveRoleArn }) => redriveRoleArn !== undefined,
  );
  const noRole = 'has no role to use; set redriveRoleArn for an account or a queue';
  return [
    ...fault(['redrive'], !hasRole && noRole),
    ...fault(['redrive', 'channel'], notAmong(redrive.channel, 'access.channels', access.channels)),
    ...ratesContradiction(['redrive', 'messagesPerSecond'], redrive.messagesPerSecond),
  ];
}

function queueRedriveContradictions(
  alias: string,
  { queues, accounts, redrive: general }: GoodParts,
): Contradiction[] {
  const { arn = '', redriveRoleArn, redrive: own } = queues[alias] ?? {};
  const queue = parseQueueArn(arn);
  const account = Object.values(accounts).find(({ id }) => id === queue?.accountId);
  const path = ['queues', alias, 'redrive'];
  const lacksRole = account && (redriveRoleArn ?? account.redriveRoleArn) === undefined;
  return [
    ...foreignRole(['queues', alias, 'redriveRoleArn'], redriveRoleArn, queue?.accountId),
    ...fault(path, own && !general && 'needs the general redrive section, which says who is allowed'),
    ...fault(path, own && lacksRole && 'needs a redriveRoleArn, its own or that of its account'),
    ...ratesContradiction([...path, 'messagesPerSecond'], own?.messagesPerSecond),
    ...(own?.destinations ?? []).flatMap((destination = '', at) =>
      fault([...path, 'destinations', at], wrongDestination(destination, arn)),
    ),
  ];
}

/** SQS refuses ListMessageMoveTasks from accounts other than the queue's. */
function foreignRole(path: string[], roleArn = '', accountId?: string): Contradiction[] {
  const role = parseRoleArn(roleArn);
  if (!role || accountId === undefined || role.accountId === accountId) return [];
  const message = `is a role in account ${role.accountId}, but must be in account ${accountId}: SQS rejects roles from other accounts`;
  return [{ path, message }];
}

/** SQS moves messages only within an account and region, and only between queues of the same type. */
function wrongDestination(destinationArn: string, arn: string): string | undefined {
  const [destination, queue] = [parseQueueArn(destinationArn), parseQueueArn(arn)];
  if (!destination || !queue) return undefined;
  if (destinationArn === arn) return 'is the dead-letter queue itself';
  if (destination.accountId !== queue.accountId)
    return `is in account ${destination.accountId}, but must be in the queue's account, ${queue.accountId}`;
  if (destination.partition !== queue.partition || destination.region !== queue.region)
    return `is in ${destination.region}, but must be in the queue's region, ${queue.region}`;
  const isFifo = ({ name }: { name: string }) => name.endsWith('.fifo');
  if (isFifo(destination) === isFifo(queue)) return undefined;
  const [its, theirs] = isFifo(queue) ? ['a FIFO', 'a standard'] : ['a standard', 'a FIFO'];
  return `is ${theirs} queue, but the dead-letter queue is ${its} queue`;
}

function ratesContradiction(path: string[], given: Parameters<typeof ratesOf>[0]): Contradiction[] {
  const { default: usual, max } = ratesOf(given);
  return fault([...path, 'default'], usual > max && `default (${usual}) must not be more than max (${max})`);
}

/** A wrong part counts as missing: the schema has already reported it. */
function ifGood<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

const Rate = ifGood(z.int().min(customRates.lowest).max(customRates.highest));
const Rates = ifGood(z.object({ default: Rate, max: Rate }));

const OwnRedrive = z.preprocess(
  (value) => (isOff(value) ? undefined : value),
  z.object({ destinations: ifGood(z.array(ifGood(SqsArn))), messagesPerSecond: Rates }).optional(),
);

const GoodAccount = z
  .object({ id: ifGood(AccountId), roleArn: ifGood(RoleArn), redriveRoleArn: ifGood(RoleArn) })
  .catch({});

const GoodQueue = z
  .object({
    arn: ifGood(SqsArn),
    roleArn: ifGood(RoleArn),
    redriveRoleArn: ifGood(RoleArn),
    channels: ifGood(Channels),
    notify: ifGood(Channel),
    redrive: ifGood(OwnRedrive),
  })
  .catch({});

const { minPollSeconds, maxPollSeconds, stalledAfterMinutes } = WatchSettings.shape;
const GoodWatch = z.object({
  minPollSeconds: ifGood(minPollSeconds.unwrap()),
  maxPollSeconds: ifGood(maxPollSeconds.unwrap()),
  stalledAfterMinutes: ifGood(stalledAfterMinutes.unwrap()),
});

/** The valid parts of settings that may have faults elsewhere, so that all faults are reported at once. */
const GoodParts = z.object({
  accounts: z.record(z.string(), GoodAccount).catch({}),
  queues: z.record(z.string(), z.preprocess(inFull, GoodQueue)).catch({}),
  access: z.object({ channels: ifGood(Channels) }).catch({}),
  watch: GoodWatch.catch({}),
  redrive: ifGood(z.object({ channel: ifGood(RequestChannel), messagesPerSecond: Rates }).catch({})),
});
type GoodParts = z.infer<typeof GoodParts>;
