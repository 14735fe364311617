import type { AwsError, Outcome } from '../aws-error.ts';
import { explainAwsError } from '../explain-aws-error.ts';
import type { MoveTask } from '../move-task.ts';
import type { Queue } from '../queue.ts';
import { howMany, phrase } from '../wording.ts';
import { about, type Check } from './check.ts';
import { type RoleInUse, rolesInUse, type SourceFinding, sourceChecks } from './role-checks.ts';

type QueueFinding = {
  queue: Queue;
  tasks: Outcome<readonly MoveTask[]>;
  depth: Outcome<unknown>;
  /** The queues that name it as their dead-letter queue. */
  sources: Outcome<readonly string[]>;
  /** Whether the messages of its one source queue could be counted. Absent: it has several, or that is not known. */
  counted?: Outcome<unknown>;
};

/** `notAsked`: the role couldn't be assumed, or there was no time left. */
export type QueueAnswer = QueueFinding | { queue: Queue; notAsked: 'role' | 'time' };

export function queueChecks(answers: readonly QueueAnswer[]): Check[] {
  const found = answers.flatMap((answer) => ('notAsked' in answer ? [] : [answer]));
  const isElsewhere = (finding: QueueFinding) => closedRegionCode(finding) !== undefined;
  return [
    ...found.filter((finding) => !isElsewhere(finding)).flatMap(checksOf),
    ...closedRegionChecks(found.filter(isElsewhere)),
    ...dlqNotProven(found),
    ...sourceChecks(found.flatMap(sourceFinding)),
    ...notAsked(answers, 'role').map(roleMissingCheck),
    ...notAsked(answers, 'time').map(tooLateCheck),
  ];
}

function sourceFinding({ queue, sources, counted }: QueueFinding): SourceFinding[] {
  const [arn] = sources.ok ? sources.value : [];
  return counted && arn !== undefined ? [{ queue, arn, counted }] : [];
}

/** STS has just issued the session, so only this region can be what doesn't know it. */
function closedRegionCode({ tasks, depth, sources }: QueueFinding): string | undefined {
  const awsErrors = [tasks, depth, sources].flatMap((outcome) => (outcome.ok ? [] : [outcome.awsError]));
  const isClosed = awsErrors.length === 3 && awsErrors.every(({ kind }) => kind === 'credentials-invalid');
  return isClosed ? awsErrors[0]?.code : undefined;
}

/** One line for an account and region. */
function closedRegionChecks(findings: readonly QueueFinding[]): Check[] {
  const places = Map.groupBy(findings, ({ queue }) => `${queue.accountId} ${queue.region}`);
  return [...places.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const { region, account } = first.queue;
    return [
      about('Queues', `${howMany(1 + others.length, 'queue')} in ${account.label} · ${region}`).fault(
        phrase`The region ${region} isn't enabled in account ${account.id}: SQS there doesn't recognize the role's session (${closedRegionCode(first) ?? ''}).`,
        phrase`Enable the region for the account, or correct the ARNs in the settings.`,
      ),
    ];
  });
}

function checksOf(finding: QueueFinding): Check[] {
  const { queue, sources } = finding;
  const faults = [...awsErrorsOf(finding), ...notDlq(finding)];
  if (faults.length > 0) return faults;
  const count = sources.ok ? sources.value.length : 0;
  const dlq = sources.ok ? `; it is the DLQ of ${howMany(count, 'queue')}` : '';
  return [aboutQueue(queue).ok([`redrives and message counts are readable${dlq}`])];
}

/** One line for a role, however many queues it has. */
function notAsked(answers: readonly QueueAnswer[], why: 'role' | 'time'): RoleInUse[] {
  return rolesInUse(
    answers.flatMap((answer) => ('notAsked' in answer && answer.notAsked === why ? [answer.queue] : [])),
  );
}

function roleMissingCheck({ queues }: RoleInUse): Check {
  const { label } = queues[0].account;
  return about('Queues', `${howMany(queues.length, 'queue')} in ${label}`).unproven(
    phrase`Not checked: the role can't be assumed.`,
    phrase`Fix the role for ${label} first.`,
  );
}

function tooLateCheck({ queues }: RoleInUse): Check {
  return about('Queues', `${howMany(queues.length, 'queue')} in ${queues[0].account.label}`).unproven(
    phrase`AWS didn't answer in time.`,
    phrase`Run this again. If this keeps happening, check the network path to SQS in ${queues[0].region}.`,
  );
}

/** A reason that applies to the whole queue is reported once; each denied action separately. */
function awsErrorsOf({ queue, tasks, depth, sources }: QueueFinding): Check[] {
  const awsErrors = [tasks, depth]
    .flatMap((outcome) => (outcome.ok ? [] : [outcome.awsError]))
    .filter((awsError) => !saysNotDlq(awsError));
  const others =
    sources.ok || isDenied(sources.awsError) || saysNotDlq(sources.awsError) ? [] : [sources.awsError];
  const result = [...awsErrors, ...others].filter(
    (awsError, i, all) => isDenied(awsError) || all.findIndex(({ kind }) => kind === awsError.kind) === i,
  );
  return result.map((awsError) => aboutQueue(queue).explained(explainAwsError(awsError, queue)));
}

function notDlq({ queue, tasks, depth, sources }: QueueFinding): Check[] {
  const isSaid = [tasks, depth, sources].some((outcome) => !outcome.ok && saysNotDlq(outcome.awsError));
  const hasNone = sources.ok && sources.value.length === 0;
  if (!isSaid && !hasNone) return [];
  return [
    aboutQueue(queue).fault(
      phrase`No queue uses it as its dead-letter queue, and SQS redrives only from dead-letter queues.`,
      phrase`Set ${queue.arn} as the deadLetterTargetArn in its source queue's redrive policy, or correct the entry ${queue.alias} in the settings.`,
    ),
  ];
}

function saysNotDlq({ kind, detail }: AwsError): boolean {
  return kind === 'unsupported-operation' || (kind === 'request-refused' && /dead.?letter/i.test(detail));
}

function isDenied({ kind }: AwsError): boolean {
  return kind === 'access-denied';
}

/** One line per role that isn't allowed to list source queues. A queue that has had a redrive needs no other proof. */
function dlqNotProven(findings: readonly QueueFinding[]): Check[] {
  const open = findings.flatMap(({ queue, tasks, sources }) => {
    if (sources.ok || !isDenied(sources.awsError)) return [];
    return tasks.ok && tasks.value.length === 0 ? [queue] : [];
  });
  return rolesInUse(open).map(dlqNotProvenCheck);
}

function dlqNotProvenCheck({ role, queues }: RoleInUse): Check {
  const which =
    queues.length === 1
      ? phrase`${queues[0].alias} is a dead-letter queue`
      : phrase`${queues.length} queues, including ${queues[0].alias}, are dead-letter queues`;
  return about('Queues', `DLQs in ${queues[0].account.label}`).unproven(
    phrase`Couldn't check whether ${which}: ${role.arn} isn't allowed to use ${'sqs:ListDeadLetterSourceQueues'}.`,
    phrase`Allow it in the role's policy. Cards need it, too, to show how many messages are in the source queue.`,
  );
}

function aboutQueue({ alias, account, region }: Queue) {
  return about('Queues', `${alias} (${account.label} · ${region})`);
}
