import { parseQueueArn } from '../domain/queue.ts';
import { defaultWatchSettings } from '../domain/settings.ts';
import { aliasFault, labelFault } from './alias.ts';
import { parseRoleArn } from './arns.ts';
import type { Contradiction } from './fault.ts';
import { GoodParts } from './good-parts.ts';
import { foreignRole, redriveContradictions } from './redrive-contradictions.ts';

/** Parts of the settings that contradict each other. */
export function contradictions(value: unknown): Contradiction[] {
  const { data: parts } = GoodParts.safeParse(value);
  if (!parts) return [];
  return [
    ...accountContradictions(parts),
    ...Object.keys(parts.queues).flatMap((alias) => queueContradictions(alias, parts)),
    ...watchContradictions(parts),
    ...redriveContradictions(parts),
  ];
}

function accountContradictions({ accounts }: GoodParts): Contradiction[] {
  const labels = new Map<string, string>();
  return Object.entries(accounts).flatMap(([label, { id, roleArn }]) => {
    const path = ['accounts', label];
    const wrongLabel = labelFault(label);
    const faults = wrongLabel ? [{ path, message: wrongLabel }] : [];
    if (id === undefined) return faults;
    const first = labels.get(id);
    labels.set(id, first ?? label);
    const message = `is already the ID of ${first}; list each account once`;
    return [
      ...faults,
      ...(first === undefined ? [] : [{ path: [...path, 'id'], message }]),
      ...foreignRole([...path, 'roleArn'], roleArn, id),
    ];
  });
}

function queueContradictions(alias: string, parts: GoodParts): Contradiction[] {
  const { arn } = parts.queues[alias] ?? {};
  const path = ['queues', alias];
  const wrongAlias = aliasFault(alias);
  const twin = Object.keys(parts.queues).find((other) => parts.queues[other]?.arn === arn);
  const isTwin = arn !== undefined && twin !== alias;
  return [
    ...(wrongAlias ? [{ path, message: wrongAlias }] : []),
    ...notifyContradictions(alias, parts),
    ...(isTwin
      ? [{ path: [...path, 'arn'], message: `is already the queue of ${twin}; list each queue once` }]
      : []),
    ...roleContradictions(alias, parts),
  ];
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

function roleContradictions(alias: string, { queues, accounts }: GoodParts): Contradiction[] {
  const { arn = '', roleArn: ownRole } = queues[alias] ?? {};
  const path = ['queues', alias, 'arn'];
  const queue = parseQueueArn(arn);
  if (!queue) return [];
  const account = Object.entries(accounts).find(([, { id }]) => id === queue.accountId);
  if (!account) {
    const message = `is in account ${queue.accountId}, which is not listed under accounts`;
    return isAnyIdUnknown(accounts) ? [] : [{ path, message }];
  }
  const [label, { roleArn: accountRole }] = account;
  const foreign = foreignRole(['queues', alias, 'roleArn'], ownRole, queue.accountId);
  const role = parseRoleArn(ownRole ?? accountRole ?? '');
  if (!role || foreign.length > 0 || role.partition === queue.partition) return foreign;
  const whose = ownRole ? 'its role' : `the role of ${label}`;
  return [{ path, message: `is in partition ${queue.partition}, but ${whose} is in ${role.partition}` }];
}

/** If an account's ID is wrong, nothing can tell whether a queue belongs to it. */
function isAnyIdUnknown(accounts: GoodParts['accounts']): boolean {
  return Object.values(accounts).some(({ id }) => id === undefined);
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
    ...(min <= max ? [] : [{ path: ['watch', key], message }]),
    ...(min <= stalled * 60 ? [] : [{ path: ['watch', 'stalledAfterMinutes'], message: tooShort }]),
  ];
}
