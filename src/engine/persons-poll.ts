import type { Log } from '../operations/log.ts';
import { StoreUnusable } from '../operations/watching/store-unusable.ts';
import type { PersonsPoll } from '../operations/watching/watches.ts';

/** Whoever looks sees what there is, whatever the store does; the watch then looks for itself when it is due. */
export async function unlessLost(keep: () => Promise<void>, { queue }: PersonsPoll, log: Log): Promise<void> {
  await keep().catch((error: unknown) => {
    if (error instanceof StoreUnusable) return;
    log.warn({ queue: queue.arn, err: error }, 'what a person has seen is lost to the watch');
  });
}
