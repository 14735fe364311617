import * as z from 'zod';
import { Channels } from '../domain/access-rules.ts';
import { parseQueueArn } from '../domain/queue.ts';
import { defaultWatchSettings, WatchSettings } from '../domain/watch/watch-settings.ts';
import { aliasFault, labelFault } from './alias.ts';
import { parseRoleArn, SqsArn } from './arns.ts';
import type { Contradiction } from './fault.ts';
import { redriveContradictions } from './redrive-contradictions.ts';
import { AccountId, Channel, inFull, RoleArn } from './settings-schema.ts';

/** A wrong part counts as missing: the schema has already reported it. */
function ifGood<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

const watchShape = WatchSettings.shape;

const QueueParts = z.object({
  arn: ifGood(SqsArn),
  roleArn: ifGood(RoleArn),
  channels: ifGood(Channels),
  notify: ifGood(Channel),
});

/** The valid parts of settings that may have faults elsewhere, so that all faults are reported at once. */
const GoodParts = z.object({
  accounts: z
    .record(z.string(), z.object({ id: ifGood(AccountId), roleArn: ifGood(RoleArn) }).catch({}))
    .catch({}),
  queues: z.record(z.string(), z.preprocess(inFull, QueueParts).catch({})).catch({}),
  access: z.object({ channels: ifGood(Channels) }).catch({}),
  watch: z
    .object({
      minPollSeconds: ifGood(watchShape.minPollSeconds.unwrap()),
      maxPollSeconds: ifGood(watchShape.maxPollSeconds.unwrap()),
      stalledAfterMinutes: ifGood(watchShape.stalledAfterMinutes.unwrap()),
    })
    .catch({}),
});
type GoodParts = z.infer<typeof GoodParts>;

export function contradictions(value: unknown): Contradiction[] {
  const { data: parts } = GoodParts.safeParse(value);
  if (!parts) return [];
  return [
    ...accountContradictions(parts),
    ...Object.keys(parts.queues).flatMap((alias) => queueContradictions(alias, parts)),
    ...watchContradictions(parts),
    ...stallContradictions(parts),
    ...redriveContradictions(value),
  ];
}

function accountContradictions({ accounts }: GoodParts): Contradiction[] {
  const labels = new Map<string, string>();
  return Object.entries(accounts).flatMap(([label, { id, roleArn }]) => {
    const wrongLabel = labelFault(label);
    const faults = wrongLabel ? [{ path: ['accounts', label], message: wrongLabel }] : [];
    if (id === undefined) return faults;
    const first = labels.get(id);
    labels.set(id, first ?? label);
    const role = roleArn && parseRoleArn(roleArn);
    return [
      ...faults,
      ...(first === undefined
        ? []
        : [
            {
              path: ['accounts', label, 'id'],
              message: `is already the id of ${first}; list each account once`,
            },
          ]),
      ...(role && role.accountId !== id
        ? [{ path: ['accounts', label, 'roleArn'], message: otherAccount(role.accountId, id) }]
        : []),
    ];
  });
}

/** SQS refuses ListMessageMoveTasks from accounts other than the queue's. */
function otherAccount(roleAccount: string, account: string): string {
  return `is a role in account ${roleAccount}, but must be in account ${account}: SQS rejects roles of other accounts`;
}

function queueContradictions(alias: string, parts: GoodParts): Contradiction[] {
  const { arn, roleArn } = parts.queues[alias] ?? {};
  const wrongAlias = aliasFault(alias);
  const contradictions = [
    ...(wrongAlias ? [{ path: ['queues', alias], message: wrongAlias }] : []),
    ...notifyContradictions(alias, parts),
  ];
  if (arn === undefined) return contradictions;
  const twin = Object.keys(parts.queues).find((other) => parts.queues[other]?.arn === arn);
  if (twin !== undefined && twin !== alias) {
    contradictions.push({
      path: ['queues', alias, 'arn'],
      message: `is already the queue of ${twin}; list each queue once`,
    });
  }
  return [...contradictions, ...roleContradictions(alias, arn, roleArn, parts)];
}

/** A queue is announced only where it may be seen. */
function notifyContradictions(alias: string, { queues, access }: GoodParts): Contradiction[] {
  const { channels: own = [], notify } = queues[alias] ?? {};
  const { channels: all = [] } = access;
  if (notify === undefined) return [];
  const forbids = (channels: readonly string[]) => channels.length > 0 && !channels.includes(notify);
  const messages = [
    ...(forbids(own) ? [`is ${notify}, which is not in the queue's own channels (${own.join(', ')})`] : []),
    ...(forbids(all) ? [`is ${notify}, which is not in access.channels (${all.join(', ')})`] : []),
  ];
  return messages.map((message) => ({ path: ['queues', alias, 'notify'], message }));
}

function roleContradictions(
  alias: string,
  arn: string,
  ownRole: string | undefined,
  { accounts }: GoodParts,
): Contradiction[] {
  const queue = parseQueueArn(arn);
  if (!queue) return [];
  const account = Object.entries(accounts).find(([, { id }]) => id === queue.accountId);
  if (!account) return isAnyIdUnknown(accounts) ? [] : [unlisted(alias, queue.accountId)];
  const [label, { roleArn: accountRole }] = account;
  const role = parseRoleArn(ownRole ?? accountRole ?? '');
  if (!role) return [];
  if (ownRole && role.accountId !== queue.accountId) {
    return [{ path: ['queues', alias, 'roleArn'], message: otherAccount(role.accountId, queue.accountId) }];
  }
  if (role.partition === queue.partition) return [];
  const whose = ownRole ? 'its role' : `the role of ${label}`;
  return [
    {
      path: ['queues', alias, 'arn'],
      message: `is in partition ${queue.partition}, but ${whose} is in ${role.partition}`,
    },
  ];
}

/** While an account's id is wrong, it is unknown whether a queue belongs to it. */
function isAnyIdUnknown(accounts: GoodParts['accounts']): boolean {
  return Object.values(accounts).some(({ id }) => id === undefined);
}

function unlisted(alias: string, accountId: string): Contradiction {
  return {
    path: ['queues', alias, 'arn'],
    message: `is in account ${accountId}, which is not listed under accounts`,
  };
}

function watchContradictions({ watch }: GoodParts): Contradiction[] {
  const {
    minPollSeconds = defaultWatchSettings.minPollSeconds,
    maxPollSeconds = defaultWatchSettings.maxPollSeconds,
  } = watch;
  if (minPollSeconds <= maxPollSeconds) return [];
  const key = watch.minPollSeconds === undefined ? 'maxPollSeconds' : 'minPollSeconds';
  const message = `minPollSeconds (${minPollSeconds}) must not be more than maxPollSeconds (${maxPollSeconds})`;
  return [{ path: ['watch', key], message }];
}

/** A stall is looked for on time, so polls would come more often than `minPollSeconds` allows. */
function stallContradictions({ watch }: GoodParts): Contradiction[] {
  const {
    minPollSeconds = defaultWatchSettings.minPollSeconds,
    stalledAfterMinutes = defaultWatchSettings.stalledAfterMinutes,
  } = watch;
  if (minPollSeconds <= stalledAfterMinutes * 60) return [];
  const message = `stalledAfterMinutes (${stalledAfterMinutes}) must not be shorter than minPollSeconds (${minPollSeconds})`;
  return [{ path: ['watch', 'stalledAfterMinutes'], message }];
}
