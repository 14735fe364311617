import type { AwsProbe } from '../operations/doctor/ports.ts';
import { createAssumeRole } from './assume-role.ts';
import { createCallerIdentity } from './caller-identity.ts';
import { createConnections } from './connections.ts';
import { askWithTheSdk } from './move-tasks.ts';
import { createQueueDirectory } from './queue-directory.ts';
import { moveTasksWith } from './queue-questions.ts';
import { sourceQueues } from './source-queues.ts';
import { createStartCalls } from './start-calls.ts';
import { createStsClients, roleSessions } from './sts-clients.ts';
import type { Timeouts } from './timeouts.ts';

/** Somebody is waiting at a terminal, and anything slower than this is worth reporting. */
const briskTimeouts: Timeouts = { connect: 2_000, request: 5_000, assumeRole: 6_000, call: 6_000 };

/** In the format of a start, so that CloudTrail shows that it was the doctor. */
const doctorsName = {
  RoleSessionName: 'dlq-tasks-doctor',
  SourceIdentity: 'dlq-tasks-doctor',
  DurationSeconds: 3600,
};

/** Any period will do to check whether CloudTrail answers. */
const aMoment = 60_000;

export type AwsProbeOptions = { clock: () => number; timeouts?: Partial<Timeouts> };

/** Calls STS and SQS with the AWS SDK. All queues of a role share one session. */
export function createAwsProbe({ clock, timeouts: given }: AwsProbeOptions): AwsProbe & { stop(): void } {
  const timeouts = { ...briskTimeouts, ...given };
  const connections = createConnections(timeouts);
  const sessions = roleSessions(connections, timeouts, clock);
  const ask = askWithTheSdk({ connections, sessions, timeouts });
  const startCalls = createStartCalls({ connections, sessions, timeouts });
  const withTimeLimit = connections.withTimeLimit(timeouts.assumeRole);
  const inName = createAssumeRole(createStsClients(connections), withTimeLimit, doctorsName);
  return {
    ...moveTasksWith(ask),
    identity: createCallerIdentity(connections, { timeoutMs: timeouts.call, clock }),
    assume: (role, region) => sessions.open(role, region),
    assumeInSomebodysName: (role, region) => inName(role, region),
    sources: (queue) => sourceQueues(queue, ask),
    directory: createQueueDirectory({ connections, sessions, timeouts }),
    startCalls: (queue) => startCalls.find(queue, { from: clock() - aMoment, to: clock() }),
    stop: () => connections.close(),
  };
}
