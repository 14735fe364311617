import type { FetchFunction, WebClient } from '@slack/web-api';
import type { Log } from '../operations/log.ts';
import { isShownInForm } from './actions/form-window.ts';
import { asSent, withNote } from './block-kit.ts';
import type { BotIdentity } from './bot-identity.ts';
import type { CardOrder } from './card-order.ts';
import { postAsTaken, sendAsTaken, type Variants } from './notifier/post-once.ts';
import { replyPrivately, usableResponseUrl } from './private-reply.ts';
import type { Reply } from './reply.ts';
import type { SlackRequest } from './request.ts';
import { answerByUrl } from './response-url.ts';
import { type SlackFailure, slackFailureFrom } from './slack-failure.ts';
import { withErrorId } from './views/private-message.ts';
import { couldNotEditView, onlyYouSeeThis } from './views/unexpected-error.ts';

export type DeliverDeps = {
  client: WebClient;
  apiUrl: string;
  identity: BotIdentity;
  cards: CardOrder;
  log: Log;
  /** Sends answers to response URLs; `fetch` by default. */
  fetch?: FetchFunction;
};

/** `errorId`: shown to the person and logged if Slack does not accept the reply as intended. */
type Delivery = DeliverDeps & { errorId: string };

/** Delivers a reply. What can't be posted in the channel goes to the person in private, with the reason. */
export async function deliver(reply: Reply, request: SlackRequest, deps: Delivery): Promise<void> {
  if (request.isAppHome) return publishHome(reply, request, deps);
  if (request.form && (await isShownInForm(reply, request.form, deps))) return;
  switch (reply.to) {
    case 'channel':
      await toChannel(reply, request, deps);
      if (reply.removesClicked) await removeClicked(request, deps);
      return;
    case 'clicked':
      return inPlace(reply, request, deps);
    case 'person':
      return replyPrivately(reply.message, request, deps);
    case 'nobody':
      return;
  }
}

async function toChannel(reply: Reply, request: SlackRequest, deps: Delivery): Promise<void> {
  const { person, threadTs, answerKey: key } = request;
  const channel = person.channelId;
  const variants = () => variantsOf(reply);
  const posted = await postAsTaken({ channel, key, thread: threadTs, variants }, deps.client).catch(
    slackFailureFrom,
  );
  if ('kind' in posted) return postedInPrivate(reply, posted, request, deps);
  const card = { channel, ts: posted.ts, ...(threadTs !== undefined && { threadTs }) };
  if (reply.shown) deps.cards.note(card, reply.shown);
  await reply.whenPosted?.(card);
}

function variantsOf({ message, withoutTable }: Reply): Variants {
  const simplest = withoutTable ?? message;
  const textOnly = simplest.blocks.length > 0 ? [{ ...simplest, blocks: [] }] : [];
  return [message, ...(withoutTable ? [withoutTable] : []), ...textOnly];
}

async function postedInPrivate(reply: Reply, failure: SlackFailure, request: SlackRequest, deps: Delivery) {
  const { errorId } = deps;
  deps.log.warn(
    { channel: request.person.channelId, ...failure, errorId },
    'Slack rejected the post; answering privately',
  );
  const message = reply.inPrivate?.() ?? reply.withoutTable ?? reply.message;
  const reason = onlyYouSeeThis(failure, deps.identity.botName);
  const note = reply.notDoneInPrivate ? `${reason} ${reply.notDoneInPrivate}` : reason;
  return replyPrivately(withNote(message, note), request, deps);
}

/** A private card is replaced through its response URL; there is no other way to edit one. */
async function inPlace(reply: Reply, request: SlackRequest, deps: Delivery): Promise<void> {
  const { clicked } = request;
  if (!clicked) {
    const message = reply.inPrivate?.() ?? reply.withoutTable ?? reply.message;
    return replyPrivately(message, request, deps, { replaceOriginal: true });
  }
  if (reply.shownBefore) deps.cards.note(clicked, reply.shownBefore);
  const { message, withoutTable } = reply;
  const variants = (): Variants => (withoutTable ? [message, withoutTable] : [message]);
  const edit = async () => {
    const { channel, ts } = clicked;
    await sendAsTaken({ variants }, (view) => deps.client.chat.update({ channel, ts, ...asSent(view) }));
  };
  try {
    await (reply.shown ? deps.cards.update(clicked, reply.shown, edit) : edit());
  } catch (error) {
    const failure = slackFailureFrom(error);
    const { errorId } = deps;
    deps.log.warn({ channel: clicked.channel, ...failure, errorId }, 'could not edit a card');
    await replyPrivately(
      withErrorId(couldNotEditView(failure, deps.identity.botName), errorId),
      request,
      deps,
    );
  }
}

async function removeClicked(request: SlackRequest, deps: Delivery): Promise<void> {
  const url = usableResponseUrl(request, deps.apiUrl);
  if (request.clicked || url === undefined) return;
  const failure = await answerByUrl(url, { text: '', blocks: [] }, { deleteOriginal: true }, deps.fetch);
  if (failure) deps.log.debug({ ...failure }, 'could not replace a private message');
}

/** In the app's Home, the reply is the Home itself; an older observation never replaces a newer one. */
async function publishHome(
  { to, message: { blocks }, shown }: Reply,
  { person: { userId, channelId } }: SlackRequest,
  { client, cards }: { client: WebClient; cards: CardOrder },
): Promise<void> {
  if (to === 'nobody') return;
  const publish = async () => {
    await client.views.publish({ user_id: userId, view: { type: 'home', blocks } });
  };
  if (shown) await cards.update({ channel: channelId, ts: userId }, shown, publish);
  else await publish();
}
