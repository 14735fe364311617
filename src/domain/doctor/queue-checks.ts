import type { AwsError, Outcome } from '../aws-error.ts';
import { explainAwsError } from '../explain-aws-error.ts';
import type { MoveTask } from '../move-task.ts';
import { phrase } from '../phrase.ts';
import type { Queue } from '../queue.ts';
import { type Check, isOpen, isRight, isWrong } from './check.ts';
import { type RoleInUse, rolesInUse } from './role-checks.ts';

/** What three questions about one queue found. */
type QueueFinding = {
  queue: Queue;
  tasks: Outcome<readonly MoveTask[]>;
  depth: Outcome<unknown>;
  /** How many queues name it as their dead-letter queue. */
  sources: Outcome<number>;
};

/** `not-asked`: there was nobody to ask as, or no time left. */
export type QueueAnswer = QueueFinding | { queue: Queue; notAsked: 'role' | 'time' };

export function queueChecks(answers: readonly QueueAnswer[]): Check[] {
  const found = answers.flatMap((answer) => ('notAsked' in answer ? [] : [answer]));
  const isElsewhere = (finding: QueueFinding) => closedRegionCode(finding) !== undefined;
  return [
    ...found.filter((finding) => !isElsewhere(finding)).flatMap(checksOf),
    ...closedRegionChecks(found.filter(isElsewhere)),
    ...dlqNotProven(found),
    ...notAsked(answers, 'role').map(roleMissingCheck),
    ...notAsked(answers, 'time').map(tooLateCheck),
  ];
}

/** STS has just given the session, so that only this region can be what does not know it. */
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
    const queues = [first, ...others].map(({ queue }) => queue);
    return [
      isWrong(
        'Queues',
        `${countedQueues(queues)} of ${account.label} · ${region}`,
        phrase`The region ${region} is not enabled in account ${account.id}: SQS does not know the role's session there (${closedRegionCode(first) ?? ''}).`,
        phrase`Enable the region for the account, or correct the ARNs in the settings.`,
      ),
    ];
  });
}

function checksOf(finding: QueueFinding): Check[] {
  const { queue, sources } = finding;
  const faults = [...awsErrorsOf(finding), ...notDlq(finding)];
  if (faults.length > 0) return faults;
  const count = sources.ok ? sources.value : 0;
  const dlq = sources.ok ? `, and is the DLQ of ${count === 1 ? '1 queue' : `${count} queues`}` : '';
  return [isRight('Queues', subjectOf(queue), [`its tasks and messages can be read${dlq}`])];
}

/** One line for a role, however many queues it has. */
function notAsked(answers: readonly QueueAnswer[], why: 'role' | 'time'): RoleInUse[] {
  return rolesInUse(
    answers.flatMap((answer) => ('notAsked' in answer && answer.notAsked === why ? [answer.queue] : [])),
  );
}

function roleMissingCheck({ queues }: RoleInUse): Check {
  const { label } = queues[0].account;
  return isOpen(
    'Queues',
    `${countedQueues(queues)} of ${label}`,
    phrase`Not asked about: the role cannot be assumed.`,
    phrase`Mend the role of ${label} first.`,
  );
}

function tooLateCheck({ queues }: RoleInUse): Check {
  return isOpen(
    'Queues',
    `${countedQueues(queues)} of ${queues[0].account.label}`,
    phrase`AWS did not answer in time.`,
    phrase`Run this again. If it stays so, check the way to SQS in ${queues[0].region}.`,
  );
}

function countedQueues({ length }: readonly Queue[]): string {
  return length === 1 ? '1 queue' : `${length} queues`;
}

/** A reason that holds for the whole queue is told once; a denied action each by itself. */
function awsErrorsOf({ queue, tasks, depth, sources }: QueueFinding): Check[] {
  const awsErrors = [tasks, depth]
    .flatMap((outcome) => (outcome.ok ? [] : [outcome.awsError]))
    .filter((awsError) => !saysNotDlq(awsError));
  const others =
    sources.ok || isDenied(sources.awsError) || saysNotDlq(sources.awsError) ? [] : [sources.awsError];
  const result = [...awsErrors, ...others].filter(
    (awsError, i, all) => isDenied(awsError) || all.findIndex(({ kind }) => kind === awsError.kind) === i,
  );
  return result.map((awsError) => {
    const { meaning, remedy } = explainAwsError(awsError, queue);
    return isWrong('Queues', subjectOf(queue), meaning, remedy);
  });
}

function notDlq({ queue, tasks, depth, sources }: QueueFinding): Check[] {
  const isSaid = [tasks, depth, sources].some((outcome) => !outcome.ok && saysNotDlq(outcome.awsError));
  const hasNone = sources.ok && sources.value === 0;
  if (!isSaid && !hasNone) return [];
  return [
    isWrong(
      'Queues',
      subjectOf(queue),
      phrase`No queue names it as its dead-letter queue, and SQS redrives from those only.`,
      phrase`Set ${queue.arn} as the deadLetterTargetArn of its source's redrive policy, or correct the entry ${queue.alias} in the settings.`,
    ),
  ];
}

function saysNotDlq({ kind, detail }: AwsError): boolean {
  return kind === 'unsupported-operation' || (kind === 'request-refused' && /dead.?letter/i.test(detail));
}

function isDenied({ kind }: AwsError): boolean {
  return kind === 'access-denied';
}

/** One line for a role that may not see source queues. A queue that has had a redrive needs no other proof. */
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
      : phrase`${queues.length} queues, ${queues[0].alias} among them, are dead-letter queues`;
  return isOpen(
    'Queues',
    `DLQs of ${queues[0].account.label}`,
    phrase`It cannot be seen whether ${which}: ${role.arn} may not use ${'sqs:ListDeadLetterSourceQueues'}.`,
    phrase`Allow it in the role's policy. The doctor alone needs it.`,
  );
}

function subjectOf({ alias, account, region }: Queue): string {
  return `${alias} (${account.label} · ${region})`;
}
