import {
  type LocalSlack,
  type LocalSlackOptions,
  startLocalSlack,
} from '../../../sandbox/slack/local-slack.ts';

export const botToken = 'xoxb-sandbox';
export const appToken = 'xapp-sandbox';
export const signingSecret = 'sandbox-secret';

/**
 * Ann and Bob are from the bot's workspace, Eve from another one; the bot is in general and ops, not in
 * random and secret.
 */
export function startTestSlack(options: Partial<LocalSlackOptions> = {}): Promise<LocalSlack> {
  return startLocalSlack({
    signingSecret,
    botToken,
    team: { id: 'T1' },
    bot: { userId: 'UBOT', botId: 'BBOT', name: 'dlq-tasks' },
    people: [
      { id: 'UANN', name: 'ann', colour: 'teal', teamId: 'T1' },
      { id: 'UBOB', name: 'bob', colour: 'plum', teamId: 'T1' },
      { id: 'UEVE', name: 'eve', colour: 'gray', teamId: 'T2' },
    ],
    channels: [
      channel('CGENERAL', 'general', {}),
      channel('CRANDOM', 'random', { botIsMember: false }),
      channel('COPS', 'ops', { isPrivate: true }),
      channel('CSECRET', 'secret', { isPrivate: true, botIsMember: false }),
    ],
    commands: [{ command: '/dlq-tasks', description: 'Shows a queue', usageHint: '<queue>' }],
    shortcuts: [{ callbackId: 'check', name: 'Check DLQ tasks' }],
    userGroups: { SONCALL: ['UANN'] },
    ...options,
  });
}

function channel(id: string, name: string, changes: { isPrivate?: boolean; botIsMember?: boolean }) {
  return { id, name, topic: '', isPrivate: false, isArchived: false, botIsMember: true, ...changes };
}
