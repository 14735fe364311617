import * as z from 'zod';
import { Channels } from '../domain/access-rules.ts';
import { RequestChannel, rates } from '../domain/actions/redrive-settings.ts';
import { parseQueueArn } from '../domain/queue.ts';
import { parseRoleArn, SqsArn } from './arns.ts';
import type { Contradiction } from './fault.ts';
import { isOff, ratesOf } from './redrive-schema.ts';
import { inFull, RoleArn } from './settings-schema.ts';

function ifGood<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

const Rate = ifGood(z.int().min(rates.lowest).max(rates.highest));
const Rates = ifGood(z.object({ default: Rate, max: Rate }));
const Own = ifGood(
  z.preprocess(
    (value) => (isOff(value) ? undefined : value),
    z.object({ destinations: ifGood(z.array(ifGood(SqsArn))), messagesPerSecond: Rates }).optional(),
  ),
);

/** The valid parts of what the settings say about redrives, as in `contradictions`. */
const Parts = z.object({
  accounts: z
    .record(z.string(), z.object({ id: ifGood(z.string()), redriveRoleArn: ifGood(RoleArn) }).catch({}))
    .catch({}),
  queues: z
    .record(
      z.string(),
      z.preprocess(
        inFull,
        z.object({ arn: ifGood(SqsArn), redriveRoleArn: ifGood(RoleArn), redrive: Own }).catch({}),
      ),
    )
    .catch({}),
  access: z.object({ channels: ifGood(Channels) }).catch({}),
  redrive: ifGood(z.object({ channel: ifGood(RequestChannel), messagesPerSecond: Rates }).catch({})),
});
type Parts = z.infer<typeof Parts>;

export function redriveContradictions(value: unknown): Contradiction[] {
  const { data: parts } = Parts.safeParse(value);
  if (!parts) return [];
  return [
    ...generalContradictions(parts),
    ...Object.entries(parts.accounts).flatMap(([label, { id, redriveRoleArn }]) =>
      foreignRole(['accounts', label, 'redriveRoleArn'], redriveRoleArn, id),
    ),
    ...Object.keys(parts.queues).flatMap((alias) => queueContradictions(alias, parts)),
  ];
}

function generalContradictions({ redrive, accounts, queues, access }: Parts): Contradiction[] {
  if (!redrive) return [];
  const roles = [...Object.values(accounts), ...Object.values(queues)].flatMap(
    ({ redriveRoleArn }) => redriveRoleArn ?? [],
  );
  const { channel } = redrive;
  const { channels = [] } = access;
  const isForbidden = channel !== undefined && channels.length > 0 && !channels.includes(channel);
  return [
    ...(roles.length > 0
      ? []
      : [
          {
            path: ['redrive'],
            message: 'has no role to use; set redriveRoleArn for an account or a queue',
          },
        ]),
    ...(isForbidden
      ? [
          {
            path: ['redrive', 'channel'],
            message: `is ${channel}, which is not in access.channels (${channels.join(', ')})`,
          },
        ]
      : []),
    ...ratesContradiction(['redrive', 'messagesPerSecond'], redrive.messagesPerSecond),
  ];
}

function queueContradictions(alias: string, { queues, accounts, redrive: general }: Parts): Contradiction[] {
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

function foreignRole(path: string[], roleArn = '', accountId?: string): Contradiction[] {
  const role = parseRoleArn(roleArn);
  if (!role || accountId === undefined || role.accountId === accountId) return [];
  const message = `is a role in account ${role.accountId}, but must be in account ${accountId}: SQS rejects roles of other accounts`;
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
