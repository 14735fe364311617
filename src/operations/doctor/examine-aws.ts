import pLimit from 'p-limit';
import type { Check } from '../../domain/doctor/check.ts';
import type { Offset } from '../../domain/doctor/machine-checks.ts';
import { type QueueAnswer, queueChecks } from '../../domain/doctor/queue-checks.ts';
import {
  identityCheck,
  knowsNoCredentials,
  type RoleInUse,
  roleCheck,
  roleNotTried,
  rolesInUse,
} from '../../domain/doctor/role-checks.ts';
import type { Outcome } from '../../domain/problem.ts';
import type { Queue } from '../../domain/queue.ts';
import type { AwsProbe } from './ports.ts';

/** Queues looked at at once, three calls each; more would only queue up inside the SDK. */
const queuesAtOnce = 20;
/** After this a queue counts as not asked. */
const patienceMs = 20_000;

export type AwsExamination = { checks: Check[]; offsets: Offset[] };

/** Who we are, each role once, then each queue whose role was assumed. */
export async function examineAws(
  queues: readonly Queue[],
  region: string,
  aws: AwsProbe,
): Promise<AwsExamination> {
  const identity = await aws.identity(region);
  const offsets = identity.aheadMs === undefined ? [] : [{ of: 'AWS', aheadMs: identity.aheadMs }];
  const roles = knowsNoCredentials(identity.found)
    ? rolesInUse(queues).map((inUse) => ({ check: roleNotTried(inUse), assumed: false, inUse }))
    : await Promise.all(rolesInUse(queues).map((inUse) => tryRole(inUse, identity.found, aws)));
  const usable = new Set(roles.flatMap(({ assumed, inUse }) => (assumed ? inUse.queues : [])));
  const answers = await askAll(queues, usable, aws);
  return {
    checks: [identityCheck(identity.found), ...roles.map(({ check }) => check), ...queueChecks(answers)],
    offsets,
  };
}

async function tryRole(inUse: RoleInUse, identity: Outcome<{ arn: string }>, aws: AwsProbe) {
  const assumed = await aws.assume(inUse.role, inUse.queues[0].region);
  return { check: roleCheck(inUse, assumed, identity), assumed: assumed.ok, inUse };
}

async function askAll(
  queues: readonly Queue[],
  usable: ReadonlySet<Queue>,
  aws: AwsProbe,
): Promise<QueueAnswer[]> {
  const limit = pLimit(queuesAtOnce);
  const patience = AbortSignal.timeout(patienceMs);
  const answers = await Promise.all(
    queues.map((queue) => {
      if (!usable.has(queue)) return { queue, notAsked: 'role' as const };
      return inTime(
        limit(() => ask(queue, aws)),
        queue,
        patience,
      );
    }),
  );
  limit.clearQueue();
  return answers;
}

async function ask(queue: Queue, aws: AwsProbe): Promise<QueueAnswer> {
  const [tasks, depth, sources] = await Promise.all([
    aws.list(queue, 1),
    aws.depth(queue),
    aws.sources(queue),
  ]);
  return { queue, tasks, depth, sources };
}

function inTime(answer: Promise<QueueAnswer>, queue: Queue, patience: AbortSignal): Promise<QueueAnswer> {
  const { promise, resolve } = Promise.withResolvers<QueueAnswer>();
  patience.addEventListener('abort', () => resolve({ queue, notAsked: 'time' }), { once: true });
  return Promise.race([answer, promise]);
}
