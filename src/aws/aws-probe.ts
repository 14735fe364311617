import type { AwsProbe } from '../operations/doctor/ports.ts';
import { createAssumeRole } from './assume-role.ts';
import { createCallerIdentity } from './caller-identity.ts';
import { createConnections } from './connections.ts';
import { askOverTheSdk } from './move-tasks.ts';
import { createQueueDirectory } from './queue-directory.ts';
import { moveTasksOver } from './queue-questions.ts';
import { queueUrl } from './queue-url.ts';
import { createStartCalls } from './start-calls.ts';
import { createStsClients, roleSessions } from './sts-clients.ts';
import type { Timeouts } from './timeouts.ts';

/** Somebody waits at a terminal, and what takes longer than this is a finding by itself. */
const briskTimeouts: Timeouts = { connect: 2_000, request: 5_000, assumeRole: 6_000, call: 6_000 };

/** As a start names its people; CloudTrail shows that it was the doctor. */
const doctorsName = {
  RoleSessionName: 'dlq-tasks-doctor',
  SourceIdentity: 'dlq-tasks-doctor',
  DurationSeconds: 3600,
};

/** Whether CloudTrail answers does not depend on how much is asked. */
const aMoment = 60_000;

export type AwsProbeOptions = { clock: () => number; timeouts?: Partial<Timeouts> };

/** Asks STS and SQS over the AWS SDK. One session for each role serves all its queues. */
export function createAwsProbe({ clock, timeouts: given }: AwsProbeOptions): AwsProbe & { stop(): void } {
  const timeouts = { ...briskTimeouts, ...given };
  const connections = createConnections(timeouts);
  const sessions = roleSessions(connections, timeouts, clock);
  const ask = askOverTheSdk({ connections, sessions, timeouts });
  const startCalls = createStartCalls({ connections, sessions, timeouts });
  const patience = connections.patience(timeouts.assumeRole);
  const inName = createAssumeRole(createStsClients(connections), patience, doctorsName);
  return {
    ...moveTasksOver(ask),
    identity: createCallerIdentity(connections, { timeoutMs: timeouts.call, clock }),
    assume: (role, region) => sessions.open(role, region),
    assumeInSomebodysName: (role, region) => inName(role, region),
    async sources(queue) {
      const answer = await ask(queue, 'ListDeadLetterSourceQueues', { QueueUrl: queueUrl(queue) });
      if (!answer.ok) return answer;
      const urls: unknown = Reflect.get(answer.value, 'queueUrls');
      return { ok: true, value: Array.isArray(urls) ? urls.length : 0 };
    },
    directory: createQueueDirectory({ connections, sessions, timeouts }),
    startCalls: (queue) => startCalls.find(queue, { from: clock() - aMoment, to: clock() }),
    stop: () => connections.close(),
  };
}
