export const actionIds = {
  refresh: 'refresh',
  refreshOverview: 'refresh-overview',
  /** Followed by `next` or `previous`: ids must differ within one block. */
  turnPage: 'turn-page',
  watch: 'watch',
  unwatch: 'unwatch',
  openConsole: 'open-console',
  openRunbook: 'open-runbook',
  /** Followed by a number: ids must differ within one block. */
  showQueue: 'show-queue',
  /** Followed by the number of tasks to show, and by the name that all of its queues share, if they do. */
  pickQueue: 'pick-queue',
} as const;

export const redriveIds = {
  openForm: 'redrive',
  startAgain: 'redrive-again',
  cancel: 'cancel-redrive',
  approve: 'approve-redrive',
  decline: 'decline-redrive',
  withdraw: 'withdraw-redrive',
} as const;

/** The value of the option for no explicit destination. */
export const toOriginalQueues = 'original';

/** The id of a block that leads into a thread: Slack reports the block of whatever is clicked or picked. */
export function blockIdInto(threadTs: string, index: number): string {
  return `thread:${threadTs}:${index}`;
}

/** The thread that a block leads into; the channel is always the one where it was clicked. */
export function threadOfBlock(blockId: unknown): string | undefined {
  if (typeof blockId !== 'string') return undefined;
  return /^thread:(\d{1,15}\.\d{1,9}):\d{1,2}$/.exec(blockId)?.[1];
}
