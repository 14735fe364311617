import type { WebClient } from '@slack/web-api';
import type { CardOrder } from './card-order.ts';
import type { Reply } from './reply.ts';
import type { SlackRequest } from './request.ts';

/** Whatever is to be said to somebody in the app's Home is said by their Home itself; an older look never wins. */
export async function publishHome(
  { to, message: { blocks }, shown }: Reply,
  { asker: { userId, channelId } }: SlackRequest,
  { client, cards }: { client: WebClient; cards: CardOrder },
): Promise<void> {
  if (to === 'nobody') return;
  const publish = async () => {
    await client.views.publish({ user_id: userId, view: { type: 'home', blocks } });
  };
  if (shown) await cards.cardUpdate({ channelId, ts: userId }, shown, publish);
  else await publish();
}
