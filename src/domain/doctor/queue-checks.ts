import { explainProblem } from '../explain-problem.ts';
import type { MoveTask } from '../move-task.ts';
import type { Outcome, Problem } from '../problem.ts';
import type { Queue } from '../queue.ts';
import { words } from '../words.ts';
import { type Check, isOpen, isRight, isWrong } from './check.ts';
import { type RoleInUse, rolesInUse } from './role-checks.ts';

/** What three questions about one queue found. */
export type QueueFinding = {
  queue: Queue;
  tasks: Outcome<readonly MoveTask[]>;
  depth: Outcome<unknown>;
  /** How many queues name it as their dead-letter queue. */
  sources: Outcome<number>;
};

/** `not-asked`: there was nobody to ask as, or no time left. */
export type QueueAnswer = QueueFinding | { queue: Queue; notAsked: 'role' | 'time' };

export function queueChecks(answers: readonly QueueAnswer[]): Check[] {
  return [...answers.flatMap(checksOf), ...dlqNotProven(answers)];
}

function checksOf(answer: QueueAnswer): Check[] {
  const { queue } = answer;
  if ('notAsked' in answer) return [notAskedCheck(answer)];
  const problems = [...problemsOf(answer), ...notDlq(answer)];
  if (problems.length > 0) return problems;
  const { sources } = answer;
  const dlq = sources.ok
    ? `, and is the DLQ of ${sources.value === 1 ? '1 queue' : `${sources.value} queues`}`
    : '';
  return [isRight('Queues', subjectOf(queue), [`its tasks and messages can be read${dlq}`])];
}

function notAskedCheck({ queue, notAsked }: Extract<QueueAnswer, { notAsked: unknown }>): Check {
  return notAsked === 'role'
    ? isOpen(
        'Queues',
        subjectOf(queue),
        words`It was not asked about: its role cannot be assumed.`,
        words`Mend the role of ${queue.account.label} first.`,
      )
    : isOpen(
        'Queues',
        subjectOf(queue),
        words`AWS did not answer in time.`,
        words`Run this again. If it stays so, check the way to SQS in ${queue.region}.`,
      );
}

/** A reason that holds for the whole queue is told once; a denied action each by itself. */
function problemsOf({ queue, tasks, depth, sources }: QueueFinding): Check[] {
  const problems = [tasks, depth]
    .flatMap((outcome) => (outcome.ok ? [] : [outcome.problem]))
    .filter((problem) => !saysNotDlq(problem));
  const others =
    sources.ok || isDenied(sources.problem) || saysNotDlq(sources.problem) ? [] : [sources.problem];
  const told = [...problems, ...others].filter(
    (problem, i, all) => isDenied(problem) || all.findIndex(({ kind }) => kind === problem.kind) === i,
  );
  return told.map((problem) => {
    const { meaning, remedy } = explainProblem(problem, queue);
    return isWrong('Queues', subjectOf(queue), meaning, remedy);
  });
}

function notDlq({ queue, tasks, depth, sources }: QueueFinding): Check[] {
  const isSaid = [tasks, depth, sources].some((outcome) => !outcome.ok && saysNotDlq(outcome.problem));
  const hasNone = sources.ok && sources.value === 0;
  if (!isSaid && !hasNone) return [];
  return [
    isWrong(
      'Queues',
      subjectOf(queue),
      words`No queue names it as its dead-letter queue, and SQS redrives from those only.`,
      words`Set ${queue.arn} as the deadLetterTargetArn of its source's redrive policy, or correct the entry ${queue.alias} in the settings.`,
    ),
  ];
}

function saysNotDlq({ kind, detail }: Problem): boolean {
  return kind === 'unsupported-operation' || (kind === 'request-refused' && /dead.?letter/i.test(detail));
}

function isDenied({ kind }: Problem): boolean {
  return kind === 'access-denied';
}

/** One line for a role that may not see source queues. A queue that has had a redrive needs no other proof. */
function dlqNotProven(answers: readonly QueueAnswer[]): Check[] {
  const open = answers.flatMap((answer) => {
    if ('notAsked' in answer || answer.sources.ok || !isDenied(answer.sources.problem)) return [];
    return answer.tasks.ok && answer.tasks.value.length === 0 ? [answer.queue] : [];
  });
  return rolesInUse(open).map(dlqNotProvenCheck);
}

function dlqNotProvenCheck({ role, queues }: RoleInUse): Check {
  const which =
    queues.length === 1
      ? words`${queues[0].alias} is a dead-letter queue`
      : words`${queues.length} queues are dead-letter queues, ${queues[0].alias} among them`;
  return isOpen(
    'Queues',
    `DLQs of ${queues[0].account.label}`,
    words`Whether ${which} cannot be seen: ${role.arn} may not use ${'sqs:ListDeadLetterSourceQueues'}.`,
    words`Allow it in the role's policy. The doctor alone needs it.`,
  );
}

function subjectOf({ alias, account, region }: Queue): string {
  return `${alias} (${account.label} · ${region})`;
}
