import type { Channel, Fault, Person, Suggestion } from './page-contract.ts';

/** A fault of something other than Slack (such as AWS) that the page shows as a switch beside Slack's own. */
export type ExternalFault = Omit<Fault, 'isOn'> & { isOn(): boolean; set(on: boolean): void };

type PageFile = { type: string; body: Buffer | string };

export type LocalSlackOptions = {
  /** 0, the default, chooses a free one. Only 127.0.0.1 is bound. */
  port?: number;
  signingSecret: string;
  botToken: string;
  /** With this and without a requestUrl, the bot is reached over Socket Mode. */
  appToken?: string;
  /** With this, apps.manifest.export returns `manifest`. */
  configToken?: string;
  manifest?: Record<string, unknown>;
  /** Where commands, clicks and events are posted. */
  requestUrl?: string;
  /** `enterpriseId`: on Enterprise Grid. `isOrgWide`: the app is installed for the whole organization. */
  team: { id: string; domain?: string; enterpriseId?: string; isOrgWide?: boolean };
  bot: { userId: string; botId: string; name: string; appId?: string };
  people: Person[];
  channels: Channel[];
  commands: { command: string; description: string; usageHint: string }[];
  shortcuts?: { callbackId: string; name: string }[];
  completions?: string[];
  suggestions?: Suggestion[];
  /** Group id to the ids of its members. */
  userGroups?: Record<string, string[]>;
  /** The names of groups by id. Absent: the id. */
  groupNames?: Record<string, string>;
  externalFaults?: ExternalFault[];
  /** Static files of the page; the path starts with a slash. */
  pageFiles?: (path: string) => PageFile | undefined;
  scopes?: string[];
  /** Whether people can get direct messages from the bot; true by default. */
  messagesTab?: boolean;
  /** Epoch milliseconds. */
  clock?: () => number;
  /** How long the bot has to acknowledge: Slack's 3 seconds unless a test is in a hurry. */
  ackTimeoutMs?: number;
  /** How long a trigger opens a modal; Slack's 3 seconds by default. */
  triggerLifetimeMs?: number;
  /** Slack's own are: at once, after a minute, after five more. */
  eventRetryDelaysMs?: number[];
  /** Answer 429 when Slack's documented limits are exceeded. */
  enforceRateLimits?: boolean;
  /** How many Web API calls and deliveries are remembered. */
  keep?: number;
};

const scopesTheBotNeeds = [
  'commands',
  'chat:write',
  'channels:history',
  'groups:history',
  'im:history',
  'im:write',
  'app_mentions:read',
  'users:read',
  'usergroups:read',
];

/** The options with all defaults. */
export function resolveOptions(options: LocalSlackOptions) {
  return {
    shortcuts: [],
    completions: [],
    suggestions: [],
    userGroups: {},
    externalFaults: [],
    scopes: scopesTheBotNeeds,
    messagesTab: true,
    clock: Date.now,
    ackTimeoutMs: 3_000,
    triggerLifetimeMs: 3_000,
    eventRetryDelaysMs: [0, 60_000, 300_000],
    enforceRateLimits: false,
    keep: 5_000,
    ...options,
    team: { domain: 'sandbox', ...options.team },
    bot: { appId: 'A0SANDBOX', ...options.bot },
  };
}

export type Settings = ReturnType<typeof resolveOptions>;
