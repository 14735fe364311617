import PQueue from 'p-queue';
import type { Place } from '../domain/discovery/survey.ts';
import type { QueueDirectory } from '../operations/discover-queues.ts';
import { type AskAsRole, createAskAsRole } from './ask-as-role.ts';
import { createCallerIdentity } from './caller-identity.ts';
import { createRoleAccess, type RoleAccess, type RoleAccessOptions } from './role-access.ts';
import { createSqsClients, type Pace, queueUrl } from './sqs-clients.ts';
import { ownRegion } from './sts-clients.ts';

type Access = Pick<RoleAccess, 'connections' | 'sessions' | 'timeouts'> & {
  /** Per account and region, including retries. */
  callsPerSecond?: number;
};

const pageSize = 1_000;

/** Lists queues with the AWS SDK, slowly enough to leave SQS's limits to others. */
export function createQueueDirectory(access: Access): QueueDirectory {
  const { connections, sessions, timeouts, callsPerSecond = 20 } = access;
  const withTimeLimit = connections.withTimeLimit(timeouts.call);
  const asks = new Map<string, AskAsRole>();
  const askOf = ({ account, region }: Place): AskAsRole => {
    const key = `${account.id} ${region}`;
    const made = () =>
      createAskAsRole({
        sqsOf: createSqsClients(connections, pacedBy(callsPerSecond)),
        sessions,
        withTimeLimit,
      });
    const ask = asks.get(key) ?? made();
    asks.set(key, ask);
    return ask;
  };
  return {
    async page(place, next, signal) {
      const input = { MaxResults: pageSize, ...(next !== undefined && { NextToken: next }) };
      const answer = await askOf(place)(place, 'ListQueues', input, signal);
      if (!answer.ok) return answer;
      const token: unknown = Reflect.get(answer.value, 'NextToken');
      const names = namesIn(Reflect.get(answer.value, 'QueueUrls'));
      return {
        ok: true,
        value: { names, ...(typeof token === 'string' && token !== '' && { next: token }) },
      };
    },
    async deadLetterTarget(place, name, signal) {
      const { partition, region, account } = place;
      const QueueUrl = queueUrl({ partition, region, accountId: account.id, name });
      const input = { QueueUrl, AttributeNames: ['RedrivePolicy' as const] };
      const answer = await askOf(place)(place, 'GetQueueAttributes', input, signal);
      return answer.ok ? { ok: true, value: targetIn(Reflect.get(answer.value, 'Attributes')) } : answer;
    },
  };
}

export function createDiscovery({
  callsPerSecond,
  ...options
}: RoleAccessOptions & Pick<Access, 'callsPerSecond'> = {}) {
  const access = createRoleAccess(options);
  const { connections, timeouts, clock } = access;
  return {
    directory: createQueueDirectory({ ...access, ...(callsPerSecond && { callsPerSecond }) }),
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

function namesIn(urls: unknown): string[] {
  const list: unknown[] = Array.isArray(urls) ? urls : [];
  const names = list.map((url) => String(url).slice(String(url).lastIndexOf('/') + 1));
  return names.filter((name) => queueName.test(name));
}

function targetIn(attributes: unknown): string | undefined {
  const policy: unknown = Reflect.get(Object(attributes), 'RedrivePolicy');
  if (typeof policy !== 'string') return undefined;
  try {
    const target: unknown = Reflect.get(Object(JSON.parse(policy)), 'deadLetterTargetArn');
    return typeof target === 'string' ? target : undefined;
  } catch {
    return undefined;
  }
}
