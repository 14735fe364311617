import pLimit from 'p-limit';
import type { Outcome } from '../../domain/aws-error.ts';
import type { Check } from '../../domain/doctor/check.ts';
import type { Offset } from '../../domain/doctor/machine-checks.ts';
import { type QueueAnswer, queueChecks } from '../../domain/doctor/queue-checks.ts';
import {
  followedOf,
  hasNoCredentials,
  identityCheck,
  type RoleInUse,
  redriveRoleCheck,
  redriveRolesInUse,
  roleCheck,
  roleNotTried,
  rolesInUse,
  unlistedChecks,
  type WhoStartedFinding,
  whoStartedChecks,
} from '../../domain/doctor/role-checks.ts';
import { parseQueueArn, type Queue } from '../../domain/queue.ts';
import { discoverQueues, type QueueDirectory } from '../discover-queues.ts';
import { aborted } from '../within.ts';
import type { AwsProbe } from './ports.ts';

/** Queues checked at once, up to three calls each; more would only queue up inside the SDK. */
const queuesAtOnce = 20;
/** After this long a queue counts as not checked. */
const patienceMs = 20_000;

/** The bot's identity, then each role and its queues as soon as it is assumed: a slow account delays no other. */
export async function examineAws(
  queues: readonly Queue[],
  region: string,
  aws: AwsProbe,
  withinMs = patienceMs,
): Promise<{ checks: Check[]; offsets: Offset[] }> {
  const { found: identity, aheadMs } = await aws.identity(region);
  const patience = AbortSignal.timeout(withinMs);
  const inTurn = turnsWithin(patience);
  const examined = rolesInUse(queues);
  const roles = await Promise.all(
    examined.map((inUse) => {
      if (hasNoCredentials(identity)) return unexamined(inUse, roleNotTried(inUse));
      // Once for each account.
      const { accountId } = inUse.queues[0];
      const counts = examined.find(({ queues: [first] }) => first.accountId === accountId) === inUse;
      const count = async () =>
        counts ? countUnlisted(inUse, queues, { directory: aws.directory, patience }) : [];
      return examineRole(inUse, identity, { aws, inTurn, count });
    }),
  );
  const redriveRoles = await Promise.all(
    redriveRolesInUse(queues).map(async (inUse) =>
      hasNoCredentials(identity)
        ? roleNotTried(inUse, 'redrive role')
        : redriveRoleCheck(inUse, await aws.assumeInSomebodysName(inUse.role, inUse.queues[0].region)),
    ),
  );
  const answers = roles
    .flatMap((role) => role.answers)
    .toSorted((a, b) => queues.indexOf(a.queue) - queues.indexOf(b.queue));
  return {
    checks: [
      identityCheck(identity),
      ...roles.map(({ check }) => check),
      ...redriveRoles,
      ...whoStartedChecks(roles.flatMap(({ whoStarted }) => whoStarted)),
      ...queueChecks(answers),
      ...roles.flatMap(({ unlisted }) => unlisted),
    ],
    offsets: aheadMs === undefined ? [] : [{ of: 'AWS', aheadMs }],
  };
}

type Turns = (queue: Queue, ask: () => Promise<QueueAnswer>) => Promise<QueueAnswer>;

async function examineRole(
  inUse: RoleInUse,
  identity: Outcome<{ arn: string }>,
  { aws, inTurn, count }: { aws: AwsProbe; inTurn: Turns; count: () => Promise<Check[]> },
): Promise<RoleExamination> {
  const { role, queues } = inUse;
  const assumed = await aws.assume(role, queues[0].region);
  const check = roleCheck(inUse, assumed, identity);
  if (!assumed.ok) return unexamined(inUse, check);
  const [answers, whoStarted] = await Promise.all([
    Promise.all(queues.map((queue) => inTurn(queue, () => ask(queue, aws)))),
    Promise.all(followedOf(queues).map(async (queue) => ({ queue, asked: await aws.startCalls(queue) }))),
  ]);
  // What matters more is asked first.
  const counted = await Promise.all(answers.map((answer) => withSource(answer, { aws, inTurn })));
  return { check, answers: counted, whoStarted, unlisted: await count() };
}

type RoleExamination = {
  check: Check;
  answers: QueueAnswer[];
  whoStarted: WhoStartedFinding[];
  unlisted: Check[];
};

function unexamined({ queues }: RoleInUse, check: Check): RoleExamination {
  const answers = queues.map((queue) => ({ queue, notAsked: 'role' as const }));
  return { check, answers, whoStarted: [], unlisted: [] };
}

async function ask(queue: Queue, aws: AwsProbe): Promise<QueueAnswer> {
  const [tasks, depth, sources] = await Promise.all([
    aws.list(queue, 1),
    aws.depth(queue),
    aws.sources(queue),
  ]);
  return { queue, tasks, depth, sources };
}

/**
 * What the card of a running redrive asks, too. Which queue it is can be told without one, where there is only one. A
 * role that can't count the DLQ's messages is a fault, which says enough.
 */
async function withSource(
  answer: QueueAnswer,
  { aws, inTurn }: { aws: AwsProbe; inTurn: Turns },
): Promise<QueueAnswer> {
  if ('notAsked' in answer || !answer.depth.ok || !answer.sources.ok) return answer;
  const { queue } = answer;
  const [arn, ...others] = answer.sources.value;
  const parts = arn === undefined || others.length > 0 ? undefined : parseQueueArn(arn);
  if (arn === undefined || !parts) return answer;
  const counted = await inTurn(queue, async () => ({
    ...answer,
    counted: await aws.depth({ ...queue, ...parts, arn }),
  }));
  return 'notAsked' in counted ? answer : counted;
}

/** At most that many at once, within a total time; whatever still waits by then is not started. */
function turnsWithin(patience: AbortSignal): Turns {
  const limit = pLimit(queuesAtOnce);
  const late = aborted(patience);
  return (queue, work) => {
    const tooLate: QueueAnswer = { queue, notAsked: 'time' };
    return Promise.race([limit(() => (patience.aborted ? tooLate : work())), late.then(() => tooLate)]);
  };
}

/** Searches the regions of the role's queues for DLQs that are not in the settings. */
async function countUnlisted(
  { role, queues: [first, ...others] }: RoleInUse,
  queues: readonly Queue[],
  { directory, patience }: { directory: QueueDirectory; patience: AbortSignal },
): Promise<Check[]> {
  const { account, partition } = first;
  const regions = new Set([first, ...others].map(({ region }) => region));
  const surveys = await Promise.all(
    [...regions].map((region) =>
      discoverQueues({ account, partition, region, role }, directory, { signal: patience }),
    ),
  );
  return unlistedChecks(first, surveys, { queues, isOver: patience.aborted });
}
