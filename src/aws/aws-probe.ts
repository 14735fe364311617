import type { AwsProbe } from '../operations/doctor/ports.ts';
import type { Timeouts } from './connections.ts';
import { moveTasksWith, sourceQueues } from './move-tasks.ts';
import { createQueueDirectory } from './queue-directory.ts';
import { createRoleAccess, type RoleAccessOptions } from './role-access.ts';
import { createStartCalls } from './start-calls.ts';
import { createCallerIdentity } from './sts.ts';

/** Someone is waiting at a terminal, and anything slower than this is worth reporting. */
const briskTimeouts: Timeouts = { connect: 2_000, request: 5_000, assumeRole: 6_000, call: 6_000 };

/** In the format of a start, so that CloudTrail shows that it was the doctor. */
const doctorsName = {
  RoleSessionName: 'dlq-tasks-doctor',
  SourceIdentity: 'dlq-tasks-doctor',
  DurationSeconds: 3600,
};

/** Any period will do to check whether CloudTrail answers. */
const aMoment = 60_000;

/** Calls STS and SQS with the AWS SDK. All queues of a role share one session. */
export function createAwsProbe({ timeouts, ...options }: RoleAccessOptions): AwsProbe & { stop(): void } {
  const access = createRoleAccess({ ...options, timeouts: { ...briskTimeouts, ...timeouts } });
  const { connections, assumeRole, sessions, ask, clock, stop } = access;
  const startCalls = createStartCalls(access);
  return {
    ...moveTasksWith(access),
    identity: createCallerIdentity(connections, { timeoutMs: access.timeouts.call, clock }),
    assume: sessions.open,
    assumeInSomebodysName: (role, region) => assumeRole(role, region, doctorsName),
    sources: (queue) => sourceQueues(queue, ask),
    directory: createQueueDirectory(access),
    startCalls: (queue) => startCalls.find(queue, { from: clock() - aMoment, to: clock() }),
    stop,
  };
}
