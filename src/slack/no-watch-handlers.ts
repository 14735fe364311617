import type { Reply } from './reply.ts';
import { cannotWatchView } from './views/watching.ts';
import type { createWatchHandlers } from './watch-handlers.ts';

const cannotWatch = async (): Promise<Reply> => ({
  to: 'asker',
  message: cannotWatchView(),
  outcome: 'cannot watch here',
});

/** Where the bot cannot watch it says so, whichever way it is asked. */
export const noWatchHandlers: ReturnType<typeof createWatchHandlers> = {
  onWatch: cannotWatch,
  onUnwatch: cannotWatch,
  watchQueue: cannotWatch,
  unwatchQueue: cannotWatch,
  unwatchAnyway: async () => undefined,
  listWatches: cannotWatch,
};
