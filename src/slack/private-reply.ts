import { setTimeout as sleep } from 'node:timers/promises';
import type { FetchFunction, WebClient } from '@slack/web-api';
import type { Log } from '../operations/log.ts';
import type { Message } from './block-kit.ts';
import { classOf } from './error-codes.ts';
import type { SlackRequest } from './request.ts';
import { answerByUrl, isResponseUrl, type ResponseOptions } from './response-url.ts';
import { type SlackFailure, slackFailureFrom } from './slack-failure.ts';

export type PrivateReplyDeps = { client: WebClient; apiUrl: string; log: Log; fetch?: FetchFunction };

/** A short outage of Slack should not leave a person without an answer; after this long they have asked again. */
const pausesMs = [1_000, 3_000, 9_000];
/** No attempt begins later than this after the first, so that the last one ends before a Lambda function times out. */
const retryForMs = 30_000;

/**
 * Sends a message that only the person sees: through the response URL, or else by chat.postEphemeral, and
 * again after a while if both fail. It may arrive twice. Rejects with NotDelivered, or with an ordinary error
 * if Slack rejects this message but may accept another one.
 */
export async function replyPrivately(
  message: Message,
  request: SlackRequest,
  deps: PrivateReplyDeps,
  options: ResponseOptions = threadInSight(request),
): Promise<void> {
  const beganAt = performance.now();
  for (const pauseMs of [...pausesMs, undefined]) {
    const failures = await tryPrivateReply(message, request, deps, options);
    if (failures.length === 0) return;
    const waitMs = waitAfter(failures, pauseMs, performance.now() - beganAt);
    deps.log.warn({ failures, waitMs }, 'Slack did not accept a private answer');
    if (waitMs === undefined) throw notTaken(failures);
    await sleep(waitMs);
  }
}

/** Slack accepts no message for this person, so another message would not help. */
export class NotDelivered extends Error {
  constructor(why: string) {
    super(`Slack did not accept a private answer: ${why}`);
    this.name = 'NotDelivered';
  }
}

/** The request's response URL, if it is one that may be called. */
export function usableResponseUrl({ responseUrl }: SlackRequest, apiUrl: string): string | undefined {
  return responseUrl !== undefined && isResponseUrl(responseUrl, apiUrl) ? responseUrl : undefined;
}

/**
 * One attempt to send a message that only the person sees. Resolves with why Slack rejected it both ways, or
 * undefined if it was accepted.
 */
export async function tryPrivateReply(
  message: Message,
  request: SlackRequest,
  deps: PrivateReplyDeps,
  options: ResponseOptions = threadInSight(request),
): Promise<SlackFailure[]> {
  const url = usableResponseUrl(request, deps.apiUrl);
  const byUrl = url === undefined ? [] : [await answerByUrl(url, message, options, deps.fetch)];
  if (url !== undefined && byUrl[0] === undefined) return [];
  const { chat } = deps.client;
  const { userId: user, channelId: channel } = request.person;
  const { threadTs } = threadInSight(request);
  const inThread = threadTs === undefined ? {} : { thread_ts: threadTs };
  const inChannel = await failureOf(chat.postEphemeral({ channel, user, ...message, ...inThread }));
  const byName =
    inChannel && request.orDirectly
      ? await failureOf(chat.postMessage({ channel: user, ...message }))
      : inChannel;
  return byName ? [...byUrl, byName].filter((failure) => failure !== undefined) : [];
}

function failureOf(sent: Promise<unknown>): Promise<SlackFailure | undefined> {
  return sent.then(() => undefined, slackFailureFrom);
}

/** Slack rejects the content, not the recipient. */
function isAboutTheMessage(code: string): boolean {
  return classOf(code) === 'content' || code === 'no_text';
}

function notTaken(failures: readonly SlackFailure[]): Error {
  const why = failures.map(inBrief).join(', ');
  return failures.some((failure) => failure.kind === 'refused' && isAboutTheMessage(failure.code))
    ? new Error(`Slack did not accept this private answer: ${why}`)
    : new NotDelivered(why);
}

/** How long Slack asks to wait; undefined if retrying is pointless. */
export function waitAfter(
  failures: readonly SlackFailure[],
  pauseMs: number | undefined,
  spentMs: number,
): number | undefined {
  if (pauseMs === undefined || failures.every(({ kind }) => kind === 'refused')) return undefined;
  const asked = failures.map((failure) =>
    failure.kind === 'rate-limited' ? (failure.retryAfterSeconds ?? 0) * 1_000 : 0,
  );
  const waitMs = Math.max(pauseMs, ...asked);
  return spentMs + waitMs > retryForMs ? undefined : waitMs;
}

function inBrief(failure: SlackFailure): string {
  if (failure.kind !== 'rate-limited') return failure.code;
  const { retryAfterSeconds } = failure;
  return retryAfterSeconds === undefined ? 'rate-limited' : `rate-limited for ${retryAfterSeconds} s`;
}

/**
 * The thread that the person is looking at: Slack shows private messages in no other, and in none that has no
 * replies yet.
 */
function threadInSight({ clicked, isInChannel, threadTs }: SlackRequest): { threadTs?: string } {
  const seen = clicked ? clicked.threadTs : isInChannel ? undefined : threadTs;
  return seen === undefined ? {} : { threadTs: seen };
}
