import type { AppsManifestCreateArguments } from '@slack/web-api';

type Scopes = NonNullable<AppsManifestCreateArguments['manifest']['oauth_config']>['scopes'];
type BotScope = NonNullable<NonNullable<Scopes>['bot']>[number];

/** What the bot asks of a workspace, and why. The manifest and docs/slack.md list the same. */
export const botScopes: readonly {
  scope: BotScope;
  why: string;
  /** The manifest offers it as a comment. */
  onlyIf?: string;
  /** Elsewhere the bot does as well without it. */
  onGridOnly?: true;
}[] = [
  { scope: 'commands', why: "to be called with /dlq-tasks, and from a message's menu" },
  {
    scope: 'chat:write',
    why: 'to post cards and notices in the channels it was invited to, and to keep them current',
  },
  {
    scope: 'channels:history',
    why: 'to find a notice of its own in a public channel before it would post it twice',
  },
  {
    scope: 'groups:history',
    why: 'to find a notice of its own in a private channel before it would post it twice',
  },
  {
    scope: 'im:history',
    why: 'to find a direct message of its own to a watcher before it would send it twice',
  },
  {
    scope: 'im:write',
    why: 'to know where that direct message would be',
  },
  { scope: 'app_mentions:read', why: 'to hear when somebody mentions it, as people do in threads' },
  {
    scope: 'users:read',
    why: 'to tell colleagues in other workspaces of the same Enterprise Grid organization from people of other organizations',
    onGridOnly: true,
  },
  {
    scope: 'usergroups:read',
    why: 'to know who is in the user groups that may ask',
    onlyIf: 'dlq-tasks.yml names user groups',
  },
];

type BotEvent = NonNullable<
  NonNullable<
    NonNullable<AppsManifestCreateArguments['manifest']['settings']>['event_subscriptions']
  >['bot_events']
>[number];

/** What Slack tells the bot of by itself, and why. The manifest and docs/slack.md list the same. */
export const botEvents: readonly { event: BotEvent; why: string }[] = [
  { event: 'app_mention', why: 'to answer in a thread, where Slack takes no slash commands' },
  { event: 'app_home_opened', why: 'to show in its Home how all queues are doing' },
];
