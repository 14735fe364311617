import { explainAwsError } from '../../domain/explain-aws-error.ts';
import { explainFailure } from '../../domain/explain-failure.ts';
import type { CardPlace } from '../../domain/message-place.ts';
import type { MoveTask } from '../../domain/move-task.ts';
import { countInWords, durationInWords, messagesInWords, rateInWords } from '../../domain/quantities.ts';
import type { Queue } from '../../domain/queue.ts';
import { leftInWords } from '../../domain/task-words.ts';
import type { EndTiming, GaveUpBecause, Notification } from '../../domain/watch/notification.ts';
import { context, type Message, section } from '../blocks.ts';
import { codeSpan, cut, escaped, mrkdwn } from '../text.ts';
import { movedInWords, slackTime, statusMrkdwn, statusSymbol } from './task-text.ts';
import { peopleInWords, personInWords } from './watch-text.ts';

type NotificationOf<K extends Notification['kind']> = Extract<Notification, { kind: K }>;

/** What a watch says in the thread. Whoever watches is named, so that Slack notifies them. */
export function notificationView(
  notification: Notification,
  queue: Queue,
  watchers: readonly string[],
): Message {
  const lines = linesOf(notification, queue);
  const naming = notification.kind === 'joined' || watchers.length === 0 ? [] : [peopleInWords(watchers)];
  const said = [...lines, ...naming];
  return { text: said.join('\n'), blocks: [section(said.join('\n'))] };
}

function linesOf(notification: Notification, queue: Queue): string[] {
  const name = codeSpan(queue.name);
  switch (notification.kind) {
    case 'joined':
      return [`👀 ${personInWords(notification.user)} watches this redrive.`];
    case 'ended':
      return endedLines(notification, name);
    case 'bounced-back':
      return bouncedBackLines(notification);
    case 'stalled':
      return [
        `⚠️ *No progress for ${durationInWords(notification.forMs)}.* ${movedInWords(notification.task)}.`,
        'SQS still calls it running. Check that the destination takes messages, or cancel the redrive in the console.',
      ];
    case 'too-slow':
      return [
        `⚠️ *At this pace it will not end in time.* It needs about ${durationInWords(notification.secondsLeft * 1000)} more; SQS stops a redrive after 36 hours, here ${slackTime(notification.limitAt)}.`,
        'What has moved by then stays moved. For the rest, start another redrive then, or cancel this one and start it with a higher rate.',
      ];
    case 'not-listed':
      return [
        `⚠️ *SQS does not list this redrive of ${name} any more*, and never said how it ended.`,
        ...lastSeenLine(notification.lastSeen?.task),
        'Look at the queue in the console. The watch goes on, in case it is listed again.',
      ];
    case 'cannot-see': {
      const { meaning, remedy } = explainAwsError(notification.awsError, queue);
      return [
        `⚠️ *${name} could not be looked at for ${durationInWords(notification.forMs)}.* The redrive itself goes on at SQS, and so does the watch.`,
        mrkdwn(meaning),
        mrkdwn(remedy),
      ];
    }
    case 'can-see-again':
      return [`👁️ ${name} can be looked at again, after ${durationInWords(notification.forMs)}.`];
    case 'gave-up':
      return [
        `🛑 *The watch of ${name} ends here:* ${gaveUpInWords(notification.because)}`,
        ...lastSeenLine(notification.lastSeen?.task),
        ...(notification.awsError ? [mrkdwn(explainAwsError(notification.awsError, queue).meaning)] : []),
        'Look at the queue in the console.',
      ];
  }
}

function endedLines({ task, timing, depth, newer }: NotificationOf<'ended'>, name: string): string[] {
  const headline = `${statusSymbol(task)} *The redrive of ${name} ${endInWords(task)}*`;
  const facts = [movedInWords(task), ...timingInWords(timing, task), ...leftInWords(depth)].join(' · ');
  const newerLine =
    newer && !newer.finished ? [`A newer redrive of this queue began ${slackTime(newer.startedAt)}.`] : [];
  return [headline, facts, ...afterwards(task), ...newerLine];
}

function endInWords(task: MoveTask): string {
  switch (task.status) {
    case 'COMPLETED':
      return 'has completed.';
    case 'FAILED':
      return 'has failed.';
    case 'CANCELLED':
      return 'was cancelled.';
    default:
      return `is ${statusMrkdwn(task)}.`;
  }
}

function afterwards(task: MoveTask): string[] {
  if (task.status === 'CANCELLED') return ['What has moved stays moved; the rest is still in the DLQ.'];
  if (task.status !== 'FAILED') return [];
  const { meaning, remedy } = explainFailure(task.failureReason);
  return [
    `*Reason:* ${codeSpan(task.failureReason ?? 'none given')}`,
    mrkdwn(meaning),
    `*What to do:* ${mrkdwn(remedy)}`,
  ];
}

/** SQS tells no end time, so duration and rate are only as sharp as the looks around it. */
function timingInWords({ aboutMs, atLeastMs, atMostMs, meanRate }: EndTiming, { moved }: MoveTask): string[] {
  const rateOver = (ms: number) => (moved && ms > 0 ? (moved * 1000) / ms : undefined);
  if (aboutMs !== undefined) {
    return [`took about ${durationInWords(aboutMs)}`, ...onAverage('', meanRate ?? rateOver(aboutMs))];
  }
  if (atLeastMs === undefined) {
    return [`took at most ${durationInWords(atMostMs)}`, ...onAverage('at least ', rateOver(atMostMs))];
  }
  const span = `took between ${durationInWords(atLeastMs)} and ${durationInWords(atMostMs)}`;
  return [span, ...onAverage('about ', rateOver((atLeastMs + atMostMs) / 2))];
}

function onAverage(sharpness: string, rate: number | undefined): string[] {
  return rate ? [`${sharpness}${rateInWords(rate)} on average`] : [];
}

function bouncedBackLines({
  depth,
  more,
  moreThanSaid,
  sinceEndMs,
}: NotificationOf<'bounced-back'>): string[] {
  const since = moreThanSaid === undefined ? '' : ` (${countInWords(moreThanSaid)} more than last said)`;
  return [
    `↩️ *${messagesInWords(more).replace(' ', ' more ')} in the DLQ than when the redrive ended ${durationInWords(sinceEndMs)} ago*${since}: they came back, or new ones failed.`,
    `The DLQ holds about ${messagesInWords(depth)}; SQS's count is approximate. Find out why before the next redrive.`,
  ];
}

function lastSeenLine(task: MoveTask | undefined): string[] {
  return task ? [`Last seen: ${statusSymbol(task)} ${statusMrkdwn(task)} · ${movedInWords(task)}`] : [];
}

function gaveUpInWords(because: GaveUpBecause): string {
  switch (because) {
    case 'not-seen-for-a-day':
      return 'the redrive has not been seen for a day.';
    case 'two-days-since-start':
      return 'the redrive began two days ago, and SQS ends every one after 36 hours.';
    case 'queue-not-in-settings':
      return 'the queue is not in the settings any more.';
    case 'another':
      return 'a newer version of the bot ended it.';
  }
}

type Where = { card: CardPlace; queue: Queue; identity: { workspaceUrl: string; botName: string } };

/** A notice that Slack takes in the channel only: it must say what it is about. */
export function outOfThreadView(notification: Message, where: Where): Message {
  return withNote(notification, `About ${cardInWords(where)}. Slack takes no replies in its thread.`);
}

/** A notice for one watcher alone, as long as the channel is closed to the bot. */
export function directView(notification: Message, where: Where): Message {
  const invite = codeSpan(`/invite @${cut(where.identity.botName, 80)}`);
  return withNote(
    notification,
    `About ${cardInWords(where)}, which you watch in <#${where.card.channel}>. The bot cannot post there now, so it tells you here. If the channel is still in use, type ${invite} there.`,
  );
}

function withNote({ text, blocks }: Message, note: string): Message {
  return { text: `${text}\n${note}`, blocks: [...blocks, context(note)] };
}

function cardInWords({ card, queue, identity }: Where): string {
  const account = escaped(`${queue.account.label}, ${queue.region}`);
  return `<${linkToMessage(card, identity.workspaceUrl)}|the redrive> of ${codeSpan(queue.name)} (${account})`;
}

/** Slack's own form of a message's address. */
export function linkToMessage({ channel, ts }: CardPlace, workspaceUrl: string): string {
  return `${workspaceUrl}archives/${channel}/p${ts.replace('.', '')}`;
}
