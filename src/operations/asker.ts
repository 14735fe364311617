/** Who asks, and where. */
export type Asker = {
  userId: string;
  channelId: string;
  /** From another workspace than the bot's (Slack Connect). */
  isExternal: boolean;
};

/** Stands for the channel of whoever asks in the app's Home. It is no channel's id, so no rule allows it by name. */
export const appHomeId = 'home';
