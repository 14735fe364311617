/** The ids by which Slack says which button was clicked. */
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
  /** Followed by how many tasks to show, and by the name that all its queues share, if they do. */
  pickQueue: 'pick-queue',
} as const;
