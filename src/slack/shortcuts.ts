/** The shortcut in a message's menu, as the manifest names it. */
export const checkShortcut = {
  callbackId: 'check_dlq_tasks',
  name: 'Check DLQ tasks',
  description: 'Shows in the thread how the redrive of the queue in this message is doing.',
} as const;
