import { tasksListedAtMost } from '../domain/sqs-limits.ts';

export type Command =
  | { kind: 'overview' }
  | { kind: 'help' }
  | { kind: 'watches' }
  | { kind: 'show'; typed: string; asked: number }
  | { kind: 'watch' | 'unwatch' | 'history'; typed: string }
  | { kind: 'cancel'; typed: string }
  | { kind: 'redrive'; typed: string; rate?: string };

/** The slash command, as the manifest names it. */
export const commandName = '/dlq-tasks';

/** One row each: what to type and what it does. Help, the manifest's hint and the README use it. */
export const commandTable: readonly {
  usage: string;
  gives: string;
  isWatching?: true;
  isActing?: true;
}[] = [
  { usage: '<queue>', gives: "shows the queue's newest redrive as a card in the channel" },
  { usage: '<queue> <n>', gives: `shows its last redrives, 1 to ${tasksListedAtMost}` },
  { usage: '', gives: 'lists all queues available in this channel, running ones first' },
  {
    usage: 'watch <queue>',
    gives: 'posts the card and notifies you in the thread when the redrive finishes',
    isWatching: true,
  },
  { usage: 'unwatch <queue>', gives: 'stops watching a queue', isWatching: true },
  {
    usage: 'watches',
    gives: 'lists what you and this channel are watching (only you see this)',
    isWatching: true,
  },
  {
    usage: 'history <queue>',
    gives: "shows past redrives and actions beyond SQS's last ten, with who and why (only you see this)",
    isWatching: true,
  },
  { usage: 'redrive <queue> [rate]', gives: 'opens the form to start a redrive', isActing: true },
  { usage: 'cancel <queue>', gives: 'cancels the running redrive (asks first)', isActing: true },
  { usage: 'help', gives: 'shows this help (only you see this)' },
];

/** What works besides the slash command, which does not work in threads. `botName` is the bot's display name. */
export const otherWays: readonly { usage: (botName: string) => string; gives: string }[] = [
  {
    usage: (botName) => `@${botName} <queue>`,
    gives: 'does the same in the thread where you ask. The other commands work there, too',
  },
  {
    usage: () => checkShortcut.name,
    gives: "in a message's menu: posts the card of that message's queue in its thread",
  },
];

/** The shortcut in a message's menu, as the manifest names it. */
export const checkShortcut = {
  callbackId: 'check_dlq_tasks',
  name: 'Check DLQ tasks',
  description: "Shows the redrive of this message's queue in its thread.",
} as const;

/** The window in which a redrive is started. */
export const startFormId = 'start-redrive';
