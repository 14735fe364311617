import type { Queue } from '../../domain/queue.ts';

/** Whether help speaks of actions: where the bot is read-only, no queue has any. */
export function offersRedrives(queues: readonly Queue[]): boolean {
  return queues.some(({ redrive }) => redrive !== undefined);
}
