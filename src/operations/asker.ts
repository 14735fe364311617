/** Who asks, and where. */
export type Asker = {
  userId: string;
  channelId: string;
  /** From another workspace than the bot's (Slack Connect). */
  isExternal: boolean;
};
