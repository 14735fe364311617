import type { SlackFault } from './faults.ts';
import type { ExternalFault } from './options.ts';
import type { Fault } from './page-contract.ts';
import type { Workspace } from './workspace.ts';

/** Only the Web API: response URLs are a separate service of Slack, and need no token. */
const apiOnly = { spares: 'response_url' };

/** The faults of Slack that the page offers as switches. */
const badDays: { name: string; label: string; faults: SlackFault[] }[] = [
  {
    name: 'slack-busy',
    label: 'Slack’s API returns 429 (retry after 2 seconds)',
    faults: [{ kind: 'rate-limited', retryAfterSeconds: 2, ...apiOnly }],
  },
  { name: 'slack-broken', label: 'Slack’s API returns 500', faults: [{ kind: 'server-error', ...apiOnly }] },
  {
    name: 'slack-slow',
    label: 'Slack takes 2 seconds to answer',
    faults: [{ kind: 'slow', ms: 2_000 }],
  },
  {
    name: 'slack-drops-line',
    label: 'Slack posts the message, then drops the connection',
    faults: [{ kind: 'stored-then-reset', method: 'chat.postMessage' }],
  },
  {
    name: 'slack-token-revoked',
    label: 'The bot’s token is revoked',
    faults: [{ kind: 'error', error: 'token_revoked', ...apiOnly }],
  },
  {
    name: 'slack-no-history',
    label: 'The bot can’t read history',
    faults: [
      { kind: 'missing-scope', scope: 'channels:history' },
      { kind: 'missing-scope', scope: 'groups:history' },
    ],
  },
  {
    name: 'slack-no-tables',
    label: 'Slack doesn’t support tables yet',
    faults: [{ kind: 'rejected-block', blockType: 'table' }],
  },
  {
    name: 'slack-slow-delivery',
    label: 'Commands and clicks reach the bot 2 seconds late',
    faults: [{ kind: 'slow-delivery', ms: 2_000 }],
  },
];

export type PageFaults = ReturnType<typeof createPageFaults>;

export function createPageFaults(workspace: Workspace) {
  const { settings, faults } = workspace;
  const removers = new Map<string, (() => void)[]>();

  const ofSlack = badDays.map(
    (day): ExternalFault => ({
      name: day.name,
      label: day.label,
      isOn: () => removers.has(day.name),
      set(on) {
        for (const remove of removers.get(day.name) ?? []) remove();
        removers.delete(day.name);
        if (on) removers.set(day.name, day.faults.map(faults.add));
      },
    }),
  );
  const limits: ExternalFault = {
    name: 'slack-limits',
    label: 'Slack enforces its documented rate limits',
    isOn: () => settings.enforceRateLimits,
    set(on) {
      settings.enforceRateLimits = on;
    },
  };
  const all = [...ofSlack, limits, ...settings.externalFaults];

  return {
    list: (): Fault[] => all.map(({ set: _, isOn, ...fault }) => ({ ...fault, isOn: isOn() })),
    /** false if there is no such switch. */
    set(name: string, on: boolean): boolean {
      const fault = all.find((one) => one.name === name);
      fault?.set(on);
      workspace.changed();
      return fault !== undefined;
    },
  };
}
