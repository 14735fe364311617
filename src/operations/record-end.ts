import { pastRedriveOf, type SeenRedrive, type StartedBy } from '../domain/history.ts';
import type { ActionStore } from './actions/action-store.ts';
import type { HistoryStore } from './history.ts';

/** Where redrives are recorded. `startOf`: who started them, where there are actions. */
export type EndRecorder = { history: Pick<HistoryStore, 'record'>; startOf?: ActionStore['startOf'] };

/** Records the redrive of a watch, if the bot saw it end. */
export async function recordEnd(watch: SeenRedrive, { history, startOf }: EndRecorder): Promise<void> {
  if (!pastRedriveOf(watch)) return;
  const here = await startOf?.(watch.queueArn, watch.startedAt);
  const started: StartedBy | undefined = here?.kind === 'start' ? here : undefined;
  const redrive = pastRedriveOf(watch, started);
  if (redrive) await history.record(redrive);
}
