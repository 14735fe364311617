import type { Outcome } from '../domain/aws-error.ts';
import type { Depth, MoveTask, SourceDepth } from '../domain/move-task.ts';
import type { Queue } from '../domain/queue.ts';
import type { MoveTasks } from './move-tasks.ts';

type PersonsView = {
  /** When the poll began, epoch milliseconds. */
  seenAt: number;
  tasks: Outcome<MoveTask[]>;
  depth: Outcome<Depth>;
  /** Of the newest task, while it runs. */
  source: SourceDepth | undefined;
};

export type PollForPerson = (queue: Queue, asked: number) => Promise<PersonsView>;

/** A person who asks later than this after a poll began may know something that the poll does not show. */
const sharedForMs = 1_000;

/**
 * People who ask the same while a recent poll is running share its answer: in an incident many people ask
 * about one queue, and SQS throttles. Nothing is cached after the poll, and `seenAt` is when it really began,
 * so that cards stay in order.
 */
export function createPollForPerson(deps: { moveTasks: MoveTasks; clock: () => number }): PollForPerson {
  const underWay = new Map<string, { seenAt: number; found: Promise<PersonsView> }>();

  async function poll(queue: Queue, asked: number, seenAt: number): Promise<PersonsView> {
    const { moveTasks } = deps;
    const listed = moveTasks.list(queue, asked);
    const asksSource = listed.then(async (tasks) => {
      const [newest] = tasks.ok ? tasks.value : [];
      return newest && moveTasks.source?.(queue, newest);
    });
    const [tasks, depth, source] = await Promise.all([listed, moveTasks.depth(queue), asksSource]);
    return { seenAt, tasks, depth, source };
  }

  return (queue, asked) => {
    const key = `${queue.arn} ${asked}`;
    const seenAt = deps.clock();
    const young = underWay.get(key);
    if (young && seenAt - young.seenAt < sharedForMs) return young.found;
    const found = poll(queue, asked, seenAt).finally(() => {
      if (underWay.get(key)?.found === found) underWay.delete(key);
    });
    underWay.set(key, { seenAt, found });
    return found;
  };
}
