import { parseQueueArn } from '../domain/queue.ts';
import { parseRoleArn } from './arns.ts';
import type { Contradiction } from './fault.ts';
import type { GoodParts } from './good-parts.ts';
import { ratesOf } from './redrive-schema.ts';

export function redriveContradictions(parts: GoodParts): Contradiction[] {
  return [
    ...generalContradictions(parts),
    ...Object.entries(parts.accounts).flatMap(([label, { id, redriveRoleArn }]) =>
      foreignRole(['accounts', label, 'redriveRoleArn'], redriveRoleArn, id),
    ),
    ...Object.keys(parts.queues).flatMap((alias) => queueContradictions(alias, parts)),
  ];
}

function generalContradictions({ redrive, accounts, queues, access }: GoodParts): Contradiction[] {
  if (!redrive) return [];
  const hasRole = [...Object.values(accounts), ...Object.values(queues)].some(
    ({ redriveRoleArn }) => redriveRoleArn !== undefined,
  );
  const noRole = 'has no role to use; set redriveRoleArn for an account or a queue';
  const { channel } = redrive;
  const { channels = [] } = access;
  const isForbidden = channel !== undefined && channels.length > 0 && !channels.includes(channel);
  const message = `is ${channel}, which is not in access.channels (${channels.join(', ')})`;
  return [
    ...(hasRole ? [] : [{ path: ['redrive'], message: noRole }]),
    ...(isForbidden ? [{ path: ['redrive', 'channel'], message }] : []),
    ...ratesContradiction(['redrive', 'messagesPerSecond'], redrive.messagesPerSecond),
  ];
}

function queueContradictions(
  alias: string,
  { queues, accounts, redrive: general }: GoodParts,
): Contradiction[] {
  const { arn, redriveRoleArn, redrive: own } = queues[alias] ?? {};
  const queue = parseQueueArn(arn ?? '');
  const account = Object.values(accounts).find(({ id }) => id === queue?.accountId);
  const path = ['queues', alias, 'redrive'];
  const hasRole = redriveRoleArn !== undefined || account?.redriveRoleArn !== undefined;
  const missing = [
    ...(general ? [] : ['needs the general redrive section, which says who is allowed']),
    ...(hasRole || !account ? [] : ['needs a redriveRoleArn, its own or that of its account']),
  ];
  return [
    ...foreignRole(['queues', alias, 'redriveRoleArn'], redriveRoleArn, queue?.accountId),
    ...(own ? missing.map((message) => ({ path, message })) : []),
    ...ratesContradiction([...path, 'messagesPerSecond'], own?.messagesPerSecond),
    ...(own?.destinations ?? []).flatMap((destination, at) => {
      const message =
        destination === undefined || arn === undefined ? undefined : wrongDestination(destination, arn);
      return message ? [{ path: [...path, 'destinations', at], message }] : [];
    }),
  ];
}

/** SQS refuses ListMessageMoveTasks from accounts other than the queue's. */
export function foreignRole(path: string[], roleArn = '', accountId?: string): Contradiction[] {
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

function ratesContradiction(
  path: string[],
  given: { default?: number | undefined; max?: number | undefined } = {},
): Contradiction[] {
  const usual = ratesOf({
    ...(given.default !== undefined && { default: given.default }),
    ...(given.max !== undefined && { max: given.max }),
  });
  if (usual.default <= usual.max) return [];
  const message = `default (${usual.default}) must not be more than max (${usual.max})`;
  return [{ path: [...path, 'default'], message }];
}
