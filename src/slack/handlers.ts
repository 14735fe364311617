import { isFinished } from '../domain/move-task.ts';
import type { Answer } from '../operations/answer.ts';
import { type CheckQueueDeps, checkQueue } from '../operations/check-queue.ts';
import { overviewOf } from '../operations/overview.ts';
import { readButtonValue } from './button-value.ts';
import { commandName } from './commands.ts';
import type { Handler } from './listener.ts';
import { parseCommand } from './parse-command.ts';
import type { Reply } from './reply.ts';
import { cardView } from './views/card.ts';
import { helpView } from './views/help.ts';
import { historyView, historyWithoutTable } from './views/history.ts';
import { strangeButtonView } from './views/mishap.ts';
import { misunderstandingView } from './views/misunderstanding.ts';
import { overviewView } from './views/overview.ts';
import { choiceView, problemView, refusalView, unknownQueueView } from './views/private-words.ts';

/** What each command and each button does. */
export function createHandlers(deps: CheckQueueDeps) {
  const onCommand: Handler = async ({ text, asker: { channelId } }, errorId) => {
    const command = parseCommand(text);
    if ('wrong' in command) {
      const message = misunderstandingView(command, errorId);
      return { to: 'asker', message, outcome: command.wrong, errorId };
    }
    switch (command.kind) {
      case 'help':
        return { to: 'asker', message: helpView(), outcome: 'help' };
      case 'overview':
        return replyOf(await overviewOf(channelId, deps), 'channel', errorId);
      case 'show': {
        const answer = await checkQueue({ ...command, channelId }, deps);
        return replyOf(answer, 'channel', errorId);
      }
    }
  };

  const onQueueButton =
    (to: Reply['to']): Handler =>
    async ({ text, asker: { channelId } }, errorId) => {
      const value = readButtonValue(text);
      if (!value) {
        return { to: 'asker', message: strangeButtonView(errorId), outcome: 'strange button', errorId };
      }
      const earlier =
        value.at !== undefined && value.m !== undefined && value.s !== undefined
          ? [{ at: value.at, moved: value.m, startedAt: value.s }]
          : [];
      const answer = await checkQueue({ typed: value.q, channelId, asked: value.n, earlier }, deps);
      return { ...replyOf(answer, to, errorId), ...(to === 'channel' && { removesClicked: true }) };
    };

  return {
    onCommand,
    onRefresh: onQueueButton('clicked'),
    onShowQueue: onQueueButton('channel'),
    onRefreshOverview: (async ({ asker: { channelId } }, errorId) =>
      replyOf(await overviewOf(channelId, deps), 'clicked', errorId)) satisfies Handler,
  };
}

function replyOf(answer: Answer, to: Reply['to'], errorId: string): Reply {
  switch (answer.kind) {
    case 'report': {
      const { report } = answer;
      const [task] = report.tasks;
      return {
        to,
        message: report.asked > 1 ? historyView(report) : cardView(report),
        ...(report.asked > 1 && { classic: historyWithoutTable(report) }),
        shown: {
          seenAt: report.seenAt,
          ...(task?.startedAt !== undefined && { startedAt: task.startedAt }),
          isFinal: task !== undefined && isFinished(task),
        },
        outcome: task ? task.status : 'no task',
        queueArn: report.queue.arn,
      };
    }
    case 'overview':
      return {
        to,
        message: overviewView(answer.overview),
        shown: { seenAt: answer.overview.seenAt, isFinal: false },
        outcome: 'overview',
      };
    case 'choice':
      return {
        to: 'asker',
        message: choiceView(answer.typed, answer.queues, answer.asked),
        outcome: 'choice',
      };
    case 'unknown-queue':
      return {
        to: 'asker',
        message: unknownQueueView(answer, commandName, errorId),
        outcome: 'unknown queue',
        errorId,
      };
    case 'refused':
      return {
        to: 'asker',
        message: refusalView(answer.refusal, errorId),
        outcome: `refused: ${answer.refusal.reason}`,
        errorId,
      };
    case 'problem':
      return {
        to: 'asker',
        message: problemView(answer.queue, answer.problem, errorId),
        outcome: `problem: ${answer.problem.kind} (${answer.problem.code})`,
        queueArn: answer.queue.arn,
        errorId,
      };
  }
}
