import { type Action, isOpen } from '../../domain/actions/action.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import type { MoveTask } from '../../domain/move-task.ts';
import type { ActionStore } from './action-store.ts';

/** A start that began a task. `link`: to its request, unless that message shows the task itself. */
export type StartedHere = Action & { link?: string };

/** The start that began a task, if it began here. Never rejects: a card does without it. */
export type StartOf = (
  queueArn: string,
  startedAt: number,
  shownOn?: CardPlace,
) => Promise<StartedHere | undefined>;

/** Those of several tasks of one queue. */
export async function startsOf(
  queueArn: string,
  tasks: readonly MoveTask[],
  startOf: StartOf | undefined,
): Promise<{ starts?: ReadonlyMap<number, StartedHere> }> {
  if (!startOf) return {};
  const found = await Promise.all(
    tasks.map(async ({ startedAt }) => startedAt !== undefined && (await startOf(queueArn, startedAt))),
  );
  const starts = tasks.flatMap(({ startedAt = 0 }, i) => {
    const start = found[i];
    return start ? [[startedAt, start] as const] : [];
  });
  return starts.length === 0 ? {} : { starts: new Map(starts) };
}

/** The same for one task. */
export async function startOfTask(
  queueArn: string,
  startedAt: number | undefined,
  startOf: StartOf | undefined,
  shownOn?: CardPlace,
): Promise<{ startedHere?: StartedHere }> {
  const start = startedAt === undefined ? undefined : await startOf?.(queueArn, startedAt, shownOn);
  return start ? { startedHere: start } : {};
}

/** Its new redrive may be listed, and its card does not stand yet. */
export async function isStarting(queueArn: string, store: Pick<ActionStore, 'list'>): Promise<boolean> {
  const [newest] = (await store.list({ queueArn, atMost: 3 })).filter(({ kind }) => kind === 'start');
  if (!newest || newest.state === 'requested') return false;
  return isOpen(newest) || newest.outbox.some(({ kind }) => kind === 'card');
}
