import type { ModalView } from '@slack/types';
import type { AwsError } from '../domain/aws-error.ts';
import type { CardPlace } from '../domain/message-place.ts';
import { mayBeSeenIn, type Queue } from '../domain/queue.ts';
import type { Actions } from '../operations/actions/actions.ts';
import { type Answer, type CardContent, newestOf, type QueueReport } from '../operations/check-queue.ts';
import type { HistoryPorts } from '../operations/history.ts';
import type { AppHomeDeps } from '../operations/overview.ts';
import type { RefreshDeps } from '../operations/refresh-card.ts';
import type { Message } from './block-kit.ts';
import type { BotIdentity } from './bot-identity.ts';
import { type Shown, shownBy } from './card-order.ts';
import type { ClickEdits } from './notifier/click-edits.ts';
import type { SlackRequest } from './request.ts';
import { cardView } from './views/card.ts';
import { overviewView } from './views/overview.ts';
import { awsErrorView, choiceView, unknownQueueView } from './views/private-message.ts';
import { redrivesView } from './views/redrives.ts';
import { unknownButtonView } from './views/unexpected-error.ts';

/** Answers one kind of request. It returns what to say and never calls Slack. */
export type Handler = (request: SlackRequest) => Promise<Reply>;

/** What handlers use. */
export type HandlerDeps = RefreshDeps &
  AppHomeDeps & {
    identity: BotIdentity;
    clickEdits: ClickEdits;
    version: string;
    /** Whether people can search for a queue: Slack waits 3 seconds for the options. */
    searchable?: boolean;
    /** Absent: the bot changes nothing. */
    actions?: Actions;
    /** Otherwise `redrive` and `cancel` are not commands, but buttons of earlier requests still work. */
    knowsActionWords?: boolean;
    /** Absent: this bot remembers nothing. */
    history?: HistoryPorts;
  };

/** What a handler wants to say, and to whom. `deliver.ts` delivers it. */
export type Reply = {
  /**
   * The channel (or its thread), the person alone, the message that was clicked, or nobody, because it is
   * already visible.
   */
  to: 'channel' | 'person' | 'clicked' | 'nobody';
  message: Message;
  /** What the form that was opened for it shows; `message` is used if there is no form. */
  view?: ModalView;
  /** The same in blocks that every Slack client supports. */
  withoutTable?: Message;
  /** The same for the person alone, if it can't be posted in the channel; rendered only then. */
  inPrivate?: () => Message;
  /** What doesn't happen if only one person sees it, in a sentence. */
  notDoneInPrivate?: string;
  /** What the message shows, if it is a card. */
  shown?: Shown;
  /** What the clicked card showed until now, according to its button. */
  shownBefore?: Shown;
  /** One or two words for the log. */
  outcome: string;
  queueArn?: string | undefined;
  /** Whoever runs the bot may have to look into it: the person gets an error ID, which is logged, too. */
  hasErrorId?: boolean;
  /** What AWS said, only for the log. */
  awsErrors?: readonly AwsError[];
  /** The clicked private message is no longer needed. */
  removesClicked?: boolean;
  /** To be done once the message is in the channel. */
  whenPosted?: (card: CardPlace) => Promise<void>;
};

/** Nothing to say: the result will be visible anyway. */
export function noReply(facts: Facts): Reply {
  return { to: 'nobody', message: { text: '', blocks: [] }, ...facts };
}

/** Turns an operation's answer into a reply. `to` is where reports go; everything else goes to the person who asked. */
export function replyOf(
  answer: Answer,
  to: Reply['to'],
  { watches, searchable = true }: Pick<HandlerDeps, 'watches' | 'searchable'>,
): Reply {
  switch (answer.kind) {
    case 'report':
      return { to, ...reportReply(answer.report, watches !== undefined) };
    case 'watched':
      return { to, message: cardView(answer.card), ...factsOf(answer.card) };
    case 'overview':
      return {
        to,
        message: overviewView(answer.overview, answer.page),
        shown: shownBy(answer.overview.seenAt),
        outcome: 'overview',
        awsErrors: answer.overview.rows.flatMap(({ awsError, depthError }) => awsError ?? depthError ?? []),
      };
    case 'choice':
      return toPerson(choiceView(answer, searchable), { outcome: 'choice' });
    case 'unknown-queue':
      return toPerson(unknownQueueView(answer, searchable), {
        outcome: 'unknown queue',
        queueArn: answer.hidden?.arn,
      });
    case 'awsError': {
      const { queue, awsError } = answer;
      const outcome = `problem: ${awsError.kind} (${awsError.code})`;
      const facts = { outcome, queueArn: queue.arn, hasErrorId: true, awsErrors: [awsError] };
      return toPerson(awsErrorView(queue, awsError), facts);
    }
  }
}

/** A click on a button whose value the bot did not write, or a queue that is `hidden` from the channel. */
export function unknownButtonReply(hidden?: Queue): Reply {
  const facts = { outcome: 'unknown button', hasErrorId: true, queueArn: hidden?.arn };
  return toPerson(unknownButtonView(), facts);
}

function reportReply(report: QueueReport, watchable: boolean): Omit<Reply, 'to'> {
  const card = newestOf(report);
  const facts = { ...factsOf(card), ...(!report.depth.ok && { awsErrors: [report.depth.awsError] }) };
  if (report.asked === 1) {
    return { message: cardView(card, watchable), inPrivate: () => cardView(card, false), ...facts };
  }
  return {
    message: redrivesView(report, watchable, 'table'),
    withoutTable: redrivesView(report, watchable, 'list'),
    inPrivate: () => redrivesView(report, false, 'list'),
    ...facts,
  };
}

function factsOf({ seenAt, task, queue }: CardContent) {
  return { shown: shownBy(seenAt, task), outcome: task?.status ?? 'no task', queueArn: queue.arn };
}

type Facts = Pick<Reply, 'outcome' | 'queueArn' | 'hasErrorId' | 'awsErrors' | 'shown'>;

export function toPerson(message: Message, facts: Facts): Reply {
  return { to: 'person', message, ...facts };
}

/** No one: the channel sees it. */
export function toPersonOrNobody(message: Message | undefined, facts: Facts): Reply {
  return message ? toPerson(message, facts) : noReply(facts);
}

/** A listed queue that the channel of a request may see. */
export function queueSeenIn(queues: readonly Queue[]) {
  return (request: SlackRequest, arn: string | undefined) =>
    queues.find((queue) => queue.arn === arn && mayBeSeenIn(queue, request.person.channelId));
}
