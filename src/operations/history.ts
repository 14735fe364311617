import type { Action } from '../domain/actions/action.ts';
import type { PastRedrive } from '../domain/history.ts';
import type { ActionStore } from './actions/action-store.ts';

/** Port: the redrives that the bot saw end. Nothing is ever deleted. */
export type HistoryStore = {
  /** Adds a redrive, or corrects it by what is known now. It may be called again with the same. */
  record(redrive: PastRedrive): Promise<void>;
  /** Those of a queue, the newest start first. */
  list(given: { queueArn: string; atMost: number }): Promise<PastRedrive[]>;
};

/** A redrive with the start that began it here, or an action that began none. */
export type HistoryEntry =
  | { kind: 'redrive'; at: number; redrive: PastRedrive; start?: Action }
  | { kind: 'action'; at: number; action: Action };

export type HistoryPorts = {
  history: Pick<HistoryStore, 'list'>;
  /** Absent: there are no actions. */
  actions?: Pick<ActionStore, 'list'>;
};

/** What is remembered of a queue's redrives and actions, the newest first. */
export async function historyOf(
  given: { queueArn: string; atMost: number },
  { history, actions }: HistoryPorts,
): Promise<HistoryEntry[]> {
  const [redrives, requested] = await Promise.all([history.list(given), actions?.list(given) ?? []]);
  const starts = new Map(
    requested.flatMap((action) => {
      const { startedAt } = action.result;
      return action.kind === 'start' && startedAt !== undefined ? [[startedAt, action] as const] : [];
    }),
  );
  const ended = new Set(redrives.map(({ startedAt }) => startedAt));
  const entries: HistoryEntry[] = [
    ...redrives.map((redrive) => {
      const start = starts.get(redrive.startedAt);
      return { kind: 'redrive' as const, at: redrive.startedAt, redrive, ...(start && { start }) };
    }),
    ...requested
      .filter(({ result }) => result.startedAt === undefined || !ended.has(result.startedAt))
      .map((action) => ({ kind: 'action' as const, at: action.requestedAt, action })),
  ];
  return entries.sort((one, other) => other.at - one.at).slice(0, given.atMost);
}
