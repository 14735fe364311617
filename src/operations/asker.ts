/** Who asks, and where. */
export type Asker = {
  userId: string;
  channelId: string;
  /** From another organization than the bot's (Slack Connect), or not known to be of the bot's own. */
  isExternal: boolean;
  /** Nothing tells where the person is from. */
  isUnknown?: true;
};

/** Stands for the channel of whoever asks in the app's Home. It is no channel's id, so no rule allows it by name. */
export const appHomeId = 'home';
