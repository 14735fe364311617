import * as z from 'zod';

/**
 * Where a message is. Its place within the channel is the messenger's business: rules and operations hand it on, and look
 * at nothing but the channel. The names are Slack's, since they are stored.
 */
export const MessagePlace = z.object({ channel: z.string(), ts: z.string() });
export type MessagePlace = z.infer<typeof MessagePlace>;

/** Of the message that shows a task. `threadTs`: the thread it stands in, when it is itself a reply. */
export const CardPlace = MessagePlace.extend({ threadTs: z.string().exactOptional() });
export type CardPlace = z.infer<typeof CardPlace>;

/** Of what is shown in no channel. */
export const nowhere: CardPlace = { channel: '', ts: '' };
