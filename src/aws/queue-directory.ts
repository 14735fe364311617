import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import PQueue from 'p-queue';
import type { Place } from '../domain/discovery.ts';
import { queueUrl } from '../domain/queue.ts';
import type { QueueDirectory } from '../operations/discover-queues.ts';
import {
  type AskAsRole,
  createAskAsRole,
  createRoleAccess,
  type Pace,
  type RoleAccess,
  type RoleAccessOptions,
} from './role-access.ts';
import { createCallerIdentity, ownRegion } from './sts.ts';

/** Per account and region, including retries. */
const callsPerSecond = 20;

const pageSize = 1_000;

/** Lists queues with the AWS SDK, slowly enough to leave SQS's limits to others. */
export function createQueueDirectory(access: RoleAccess): QueueDirectory {
  const asks = new Map<string, AskAsRole>();
  const askOf = ({ account, region }: Place): AskAsRole => {
    const key = `${account.id} ${region}`;
    const ask = asks.get(key) ?? createAskAsRole(access, pacedBy(callsPerSecond));
    asks.set(key, ask);
    return ask;
  };
  return {
    async page(place, next, signal) {
      const input = { MaxResults: pageSize, ...(next !== undefined && { NextToken: next }) };
      const answer = await askOf(place)(
        place,
        'sqs:ListQueues',
        (sqs, options) => sqs.send(new ListQueuesCommand(input), options),
        signal,
      );
      if (!answer.ok) return answer;
      const { QueueUrls = [], NextToken } = answer.value;
      return { ok: true, value: { names: namesIn(QueueUrls), ...(NextToken && { next: NextToken }) } };
    },
    async deadLetterTarget(place, name, signal) {
      const { partition, region, account } = place;
      const QueueUrl = queueUrl({ partition, region, accountId: account.id, name });
      const input = { QueueUrl, AttributeNames: ['RedrivePolicy' as const] };
      const answer = await askOf(place)(
        place,
        'sqs:GetQueueAttributes',
        (sqs, options) => sqs.send(new GetQueueAttributesCommand(input), options),
        signal,
      );
      return answer.ok ? { ok: true, value: targetIn(answer.value.Attributes?.['RedrivePolicy']) } : answer;
    },
  };
}

export function createDiscovery(options: RoleAccessOptions = {}) {
  const access = createRoleAccess(options);
  const { connections, timeouts, clock } = access;
  return {
    directory: createQueueDirectory(access),
    identity: createCallerIdentity(connections, { timeoutMs: timeouts.assumeRole, clock }),
    ownRegion: () => ownRegion(connections),
    stop: access.stop,
  };
}

/** Requests may arrive closer together than they were sent. */
const sparedMs = 2;

/** One at a time, each at least its share of a second after the previous one, however late that was. */
export function pacedBy(callsPerSecond: number): Pace {
  // Fixed windows would let two through at once if a timer is late.
  const queue = new PQueue({
    strict: true,
    intervalCap: 1,
    interval: Math.ceil(1_000 / callsPerSecond) + sparedMs,
  });
  return (request) => queue.add(request);
}

const queueName = /^[\w-]{1,80}(?:\.fifo)?$/;

function namesIn(urls: string[]): string[] {
  const names = urls.map((url) => url.slice(url.lastIndexOf('/') + 1));
  return names.filter((name) => queueName.test(name));
}

function targetIn(policy: string | undefined): string | undefined {
  try {
    const target: unknown = Reflect.get(Object(JSON.parse(policy ?? '')), 'deadLetterTargetArn');
    return typeof target === 'string' ? target : undefined;
  } catch {
    return undefined;
  }
}
