import * as z from 'zod';

/**
 * Where a message is. Its place within the channel is opaque to rules and operations, which read only the channel. The
 * names are Slack's, because they are stored.
 */
export const MessagePlace = z.object({ channel: z.string(), ts: z.string() });
export type MessagePlace = z.infer<typeof MessagePlace>;

/** The opaque part of a place. */
export function placeWithinChannel({ ts }: MessagePlace): string {
  return ts;
}

/** The place of a card. `threadTs`: its thread, if the card itself is a reply. */
export const CardPlace = MessagePlace.extend({ threadTs: z.string().exactOptional() });
export type CardPlace = z.infer<typeof CardPlace>;

/** The place of something that isn't shown in a channel. */
export const nowhere: CardPlace = { channel: '', ts: '' };
