/** The ids by which Slack says which button was clicked. */
export const actionIds = {
  refresh: 'refresh',
  refreshOverview: 'refresh-overview',
  watch: 'watch',
  unwatch: 'unwatch',
  openConsole: 'open-console',
  openRunbook: 'open-runbook',
  /** Followed by a number: ids must differ within one block. */
  showQueue: 'show-queue',
} as const;
