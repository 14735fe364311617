import type { AppsManifestCreateArguments } from '@slack/web-api';

type Scopes = NonNullable<AppsManifestCreateArguments['manifest']['oauth_config']>['scopes'];
/** The scopes the bot needs, and why. The manifest and docs/slack.md list the same. */
export const botScopes: readonly {
  scope: NonNullable<NonNullable<Scopes>['bot']>[number];
  why: string;
  /** In the manifest, it is a comment. */
  onlyIf?: string;
  /** Otherwise the bot does not need it. */
  onGridOnly?: true;
}[] = [
  { scope: 'commands', why: "to add /dlq-tasks and the shortcut in a message's menu" },
  {
    scope: 'chat:write',
    why: 'to post cards and notifications in the channels it was invited to, and to keep them current',
  },
  {
    scope: 'channels:history',
    why: 'to check in a public channel whether a notification was already posted',
  },
  {
    scope: 'groups:history',
    why: 'to check in a private channel whether a notification was already posted',
  },
  {
    scope: 'im:history',
    why: 'to check whether a direct message to a watcher was already sent',
  },
  {
    scope: 'im:write',
    why: 'to find the conversation for that direct message',
  },
  { scope: 'app_mentions:read', why: 'to know when people mention it, as they do in threads' },
  {
    scope: 'users:read',
    why: 'to recognize colleagues from other workspaces of the same Enterprise Grid organization',
    onGridOnly: true,
  },
  {
    scope: 'usergroups:read',
    why: 'to know who is in the user groups that may use the bot',
    onlyIf: 'dlq-tasks.yml names user groups',
  },
];

type BotEvent = NonNullable<
  NonNullable<
    NonNullable<AppsManifestCreateArguments['manifest']['settings']>['event_subscriptions']
  >['bot_events']
>[number];

/** The events Slack sends the bot, and why. The manifest and docs/slack.md list the same. */
export const botEvents: readonly { event: BotEvent; why: string }[] = [
  { event: 'app_mention', why: "to answer in threads, where slash commands don't work" },
  { event: 'app_home_opened', why: 'to show the status of all queues in its Home tab' },
];
