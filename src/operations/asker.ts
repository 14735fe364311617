/** Who asks, and where. */
export type Asker = {
  userId: string;
  channelId: string;
  /** From another organization (Slack Connect), or not known to be from the bot's own. */
  isExternal: boolean;
  /** It is not known which organization the person is from. */
  isUnknown?: true;
};

/** In place of a channel id in the app's Home. It is not a valid channel id, so no rule can allow it. */
export const appHomeId = 'home';
