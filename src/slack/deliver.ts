import type { FetchFunction, WebClient } from '@slack/web-api';
import type { CardPlace } from '../domain/message-place.ts';
import type { Log } from '../operations/log.ts';
import { isShownInForm } from './actions/form-window.ts';
import { asSent, context, type Message } from './blocks.ts';
import type { BotIdentity } from './bot-identity.ts';
import type { CardOrder } from './card-order.ts';
import { classOf } from './error-codes.ts';
import { keyedBy } from './notifier/find-message.ts';
import { replyPrivately, usableResponseUrl } from './private-reply.ts';
import type { Reply } from './reply.ts';
import type { SlackRequest } from './request.ts';
import { answerByUrl } from './response-url.ts';
import { type SlackFailure, slackFailureFrom } from './slack-failure.ts';
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
      return request.clicked ? onClicked(reply, request, deps) : inPlace(reply, request, deps);
    case 'person':
      return replyPrivately(reply.message, request, deps);
    case 'nobody':
      return;
  }
}

async function toChannel(reply: Reply, request: SlackRequest, deps: Delivery): Promise<void> {
  const posted = await postAsTaken(reply, request, deps);
  if ('kind' in posted) return postedInPrivate(reply, posted, request, deps);
  await reply.whenPosted?.(posted);
}

type Draft = { message: Message; withMetadata: boolean };

/** Slack may reject the blocks or the metadata: then it tries once more without them. */
async function postAsTaken(
  reply: Reply,
  request: SlackRequest,
  deps: Delivery,
): Promise<CardPlace | SlackFailure> {
  let draft: Draft | undefined = { message: reply.message, withMetadata: true };
  for (;;) {
    const posted = await post(draft, reply, request, deps);
    draft = 'kind' in posted ? simplerThan(draft, posted, reply) : undefined;
    if (!draft) return posted;
  }
}

function simplerThan({ message, withMetadata }: Draft, failure: SlackFailure, reply: Reply) {
  switch (failure.kind === 'refused' && classOf(failure.code)) {
    case 'content':
      if (reply.withoutTable && message === reply.message)
        return { message: reply.withoutTable, withMetadata };
      return message.blocks.length > 0 ? { message: { ...message, blocks: [] }, withMetadata } : undefined;
    case 'metadata':
      return withMetadata ? { message, withMetadata: false } : undefined;
    default:
      return undefined;
  }
}

async function post(
  { message, withMetadata }: Draft,
  { shown }: Reply,
  { person: { channelId }, threadTs, answerKey }: SlackRequest,
  { client, cards }: Delivery,
): Promise<CardPlace | SlackFailure> {
  const inThread = threadTs === undefined ? {} : { thread_ts: threadTs };
  const findable = answerKey === undefined || !withMetadata ? {} : { metadata: keyedBy(answerKey) };
  try {
    const posted = await client.chat.postMessage({
      channel: channelId,
      ...(message.blocks.length > 0 ? asSent(message) : { text: message.text }),
      ...{ unfurl_links: false, unfurl_media: false },
      ...inThread,
      ...findable,
    });
    const card = { channel: channelId, ts: posted.ts ?? '', ...(threadTs !== undefined && { threadTs }) };
    if (shown) cards.note(card, shown);
    return card;
  } catch (error) {
    return slackFailureFrom(error);
  }
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
  const noted = { text: `${message.text}\n${note}`, blocks: [...message.blocks, context(note)] };
  return replyPrivately(noted, request, deps);
}

async function onClicked(reply: Reply, request: SlackRequest, deps: Delivery): Promise<void> {
  const { clicked } = request;
  if (!clicked) return;
  if (reply.shownBefore) deps.cards.note(clicked, reply.shownBefore);
  const edit = async () => {
    await deps.client.chat.update({ channel: clicked.channel, ts: clicked.ts, ...asSent(reply.message) });
  };
  try {
    await (reply.shown ? deps.cards.update(clicked, reply.shown, edit) : edit());
  } catch (error) {
    const failure = slackFailureFrom(error);
    const { withoutTable, ...rest } = reply;
    if (withoutTable && failure.kind === 'refused' && classOf(failure.code) === 'content') {
      return onClicked({ ...rest, message: withoutTable }, request, deps);
    }
    const { errorId } = deps;
    deps.log.warn({ channel: clicked.channel, ...failure, errorId }, 'could not edit a card');
    await replyPrivately(couldNotEditView(failure, deps.identity.botName, errorId), request, deps);
  }
}

/** A private card is replaced through its response URL; there is no other way to edit one. */
async function inPlace(reply: Reply, request: SlackRequest, deps: Delivery): Promise<void> {
  return replyPrivately(reply.inPrivate?.() ?? reply.withoutTable ?? reply.message, request, deps, {
    replaceOriginal: true,
  });
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
