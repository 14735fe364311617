import type { Queue } from '../domain/queue.ts';
import { type Answer, newestOf, type QueueReport } from '../operations/answer.ts';
import { shownBy } from './card-order.ts';
import { commandName } from './commands.ts';
import type { Reply } from './reply.ts';
import { cardView } from './views/card.ts';
import { historyView, historyWithoutTable } from './views/history.ts';
import { overviewView } from './views/overview.ts';
import { awsErrorView, choiceView, refusalView, unknownQueueView } from './views/private-message.ts';
import { unknownButtonView } from './views/unexpected-error.ts';

/** What this bot can do where it runs. */
export type Abilities = {
  watchable?: boolean;
  /** Whether people can search for a queue: what they type wants an answer within Slack's 3 seconds. */
  searchable?: boolean;
};

/** An operation's answer as a reply. `to` is where reports go; all else is for the asker alone. */
export function replyOf(
  answer: Answer,
  to: Reply['to'],
  errorId: string,
  { watchable = true, searchable = true }: Abilities = {},
): Reply {
  switch (answer.kind) {
    case 'report':
      return { to, ...reportReply(answer.report, watchable) };
    case 'watched': {
      const { card } = answer;
      return {
        to,
        message: cardView(card),
        shown: shownBy(card.seenAt, card.task),
        outcome: card.task?.status ?? 'no task',
        queueArn: card.queue.arn,
      };
    }
    case 'overview':
      return {
        to,
        message: overviewView(answer.overview, answer.page),
        shown: shownBy(answer.overview.seenAt),
        outcome: 'overview',
        awsErrors: answer.overview.rows.flatMap(({ awsError, depthError }) => awsError ?? depthError ?? []),
      };
    case 'choice':
      return {
        to: 'asker',
        message: choiceView(answer, searchable),
        outcome: 'choice',
      };
    case 'unknown-queue': {
      const message = unknownQueueView(answer, { command: commandName, searchable });
      const hidden = answer.hidden && { queueArn: answer.hidden.arn };
      return { to: 'asker', message, outcome: 'unknown queue', ...hidden };
    }
    case 'refused': {
      const { refusal } = answer;
      return {
        to: 'asker',
        message: refusalView(refusal, errorId),
        outcome: `refused: ${refusal.reason}`,
        errorId,
      };
    }
    case 'awsError': {
      const { queue, awsError } = answer;
      const outcome = `problem: ${awsError.kind} (${awsError.code})`;
      return {
        to: 'asker',
        message: awsErrorView(queue, awsError, errorId),
        outcome,
        queueArn: queue.arn,
        errorId,
        awsErrors: [awsError],
      };
    }
  }
}

/** A click on a button that carries nothing the bot has written, or a queue that is `hidden` from the channel. */
export function unknownButtonReply(errorId: string, hidden?: Queue): Reply {
  const message = unknownButtonView(errorId);
  return {
    to: 'asker',
    message,
    outcome: 'unknown button',
    errorId,
    ...(hidden && { queueArn: hidden.arn }),
  };
}

function reportReply(report: QueueReport, watchable: boolean): Omit<Reply, 'to'> {
  const [task] = report.tasks;
  const facts = {
    shown: shownBy(report.seenAt, task),
    outcome: task?.status ?? 'no task',
    queueArn: report.queue.arn,
    ...(!report.depth.ok && { awsErrors: [report.depth.awsError] }),
  };
  if (report.asked === 1) {
    const card = newestOf(report);
    return { message: cardView(card, watchable), inPrivate: () => cardView(card, false), ...facts };
  }
  return {
    message: historyView(report, watchable),
    classic: historyWithoutTable(report, watchable),
    inPrivate: () => historyWithoutTable(report, false),
    ...facts,
  };
}
