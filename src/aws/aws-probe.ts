import { ListDeadLetterSourceQueuesCommand } from '@aws-sdk/client-sqs';
import type { AwsProbe } from '../operations/doctor/ports.ts';
import { createAskAsRole, roleSessions } from './ask-as-role.ts';
import { createCallerIdentity } from './caller-identity.ts';
import { createConnections } from './connections.ts';
import { moveTasksOver } from './move-tasks.ts';
import { queueUrl } from './queue-url.ts';
import { createStartCalls } from './start-calls.ts';
import type { Timeouts } from './timeouts.ts';

/** Somebody waits at a terminal, and what takes longer than this is a finding by itself. */
const briskTimeouts: Timeouts = { connect: 2_000, request: 5_000, assumeRole: 6_000, call: 6_000 };

/** Whether CloudTrail answers does not depend on how much is asked. */
const aMoment = 60_000;

export type AwsProbeOptions = { clock: () => number; timeouts?: Partial<Timeouts> };

/** Asks STS and SQS over the AWS SDK. One session for each role serves all its queues. */
export function createAwsProbe({ clock, timeouts: given }: AwsProbeOptions): AwsProbe & { stop(): void } {
  const timeouts = { ...briskTimeouts, ...given };
  const connections = createConnections(timeouts);
  const sessions = roleSessions(connections, timeouts, clock);
  const ask = createAskAsRole(connections, { timeouts, clock, sessions });
  const startCalls = createStartCalls({ connections, sessions, timeouts });
  return {
    ...moveTasksOver(ask),
    identity: createCallerIdentity(connections, { timeoutMs: timeouts.call, clock }),
    assume: (role, region) => sessions.open(role, region),
    sources(queue) {
      const command = new ListDeadLetterSourceQueuesCommand({ QueueUrl: queueUrl(queue) });
      return ask(queue, 'sqs:ListDeadLetterSourceQueues', async (sqs, sending) => {
        const { queueUrls } = await sqs.send(command, sending);
        return queueUrls?.length ?? 0;
      });
    },
    startCalls: (queue) => startCalls.find(queue, { from: clock() - aMoment, to: clock() }),
    stop: () => connections.close(),
  };
}
