import type { WebClient } from '@slack/web-api';
import type { Queue } from '../../domain/queue.ts';
import type { Log } from '../../operations/log.ts';
import type { NoticeToTell, Told } from '../../operations/watching/teller.ts';
import type { Message } from '../blocks.ts';
import type { Home } from '../home.ts';
import { slackFailureFrom } from '../slack-failure.ts';
import { directView, outOfThreadView } from '../views/elsewhere.ts';
import { noticeView } from '../views/notice.ts';
import { findDirect, findNotice, type Mark, unlessUnreadable } from './find-notice.ts';
import { asPosted, inForm } from './in-form.ts';
import type { Paced, PacersByChannel } from './lines.ts';
import { laterBecause, verdictOnPost } from './verdict.ts';

export type PostDeps = {
  client: WebClient;
  home: Home;
  log: Log;
  queueNamed: (arn: string) => Queue;
  paced: Paced;
  posts: PacersByChannel;
};

type ToPost = NoticeToTell & { doubt: boolean };

/** Posts a notice in the card's thread, or in the channel where Slack takes none in the thread; once. */
export function postNotice(told: ToPost, deps: PostDeps): Promise<Told> {
  const { card, notice, form } = told;
  const threadTs = card.threadTs ?? card.ts;
  const isFailure = notice.kind === 'ended' && notice.task.status === 'FAILED';
  return postOnce(told, deps, {
    channel: card.channel,
    message: noticeInItsPlace(told, deps),
    place: form.inChannel ? {} : { thread_ts: threadTs, reply_broadcast: isFailure },
    goesFirst: notice.kind !== 'joined',
    find: (mark) =>
      findNotice(mark, { channel: card.channel, threadTs, inChannel: form.inChannel === true }, deps),
  });
}

/** As it stands in the card's thread, or in the channel, where it must say what it is about. */
export function noticeInItsPlace(
  { card, notice, queueArn, watchers, form }: NoticeToTell,
  { home, queueNamed }: Pick<PostDeps, 'home' | 'queueNamed'>,
): Message {
  const queue = queueNamed(queueArn);
  const view = noticeView(notice, queue, watchers);
  return form.inChannel ? outOfThreadView(view, { card, queue, home }) : view;
}

/** Tells one watcher alone, whose channel is closed to the bot; once. */
export function postDirect(told: ToPost & { user: string }, deps: PostDeps): Promise<Told> {
  const { card, notice, queueArn, user, since } = told;
  const queue = deps.queueNamed(queueArn);
  return postOnce(told, deps, {
    channel: user,
    message: directView(noticeView(notice, queue, []), { card, queue, home: deps.home }),
    place: {},
    goesFirst: true,
    find: (mark) => findDirect(mark, { user, sinceMs: since }, deps),
  });
}

type Post = {
  channel: string;
  message: Message;
  place: { thread_ts: string; reply_broadcast: boolean } | Record<string, never>;
  goesFirst: boolean;
  find: (mark: Mark) => Promise<string | undefined>;
};

function postOnce(
  { key, form, doubt }: ToPost,
  { client, log, paced, posts }: PostDeps,
  { channel, message, place, goesFirst, find }: Post,
): Promise<Told> {
  const sent = inForm(message, form);
  const inThread = 'thread_ts' in place;
  const verdict = (failure: Parameters<typeof laterBecause>[0]) =>
    verdictOnPost(failure, { form, text: sent.text, inThread });
  return paced({ pacer: posts(channel), key, goesFirst, verdict }, async () => {
    const mark = { key, ...(form.bare !== undefined && { bare: form.bare }) };
    const found = doubt ? await soughtFor(find(mark), key, log) : {};
    if (found.failed) return found.failed;
    if (found.ts !== undefined) return { kind: 'told', message: { channel, ts: found.ts }, found: true };
    // What is said has changed meanwhile: the new words are committed before they are posted.
    if (form.bare !== undefined && form.bare !== sent.text)
      return { kind: 'again', form: { ...form, bare: sent.text }, why: 'the words have changed' };
    const posted = await client.chat.postMessage({
      channel,
      ...asPosted(sent, key, form),
      ...place,
    });
    return { kind: 'told', message: { channel: posted.channel ?? channel, ts: posted.ts ?? '' } };
  });
}

/** A search that fails says nothing of the form of the message. */
export async function soughtFor(
  search: Promise<string | undefined>,
  key: string,
  log: Log,
): Promise<{ ts?: string | undefined; failed?: Told }> {
  try {
    return { ts: await unlessUnreadable(search, key, log) };
  } catch (error) {
    return { failed: laterBecause(slackFailureFrom(error)) };
  }
}
