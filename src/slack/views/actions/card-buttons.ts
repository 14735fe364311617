import type { Button } from '@slack/types';
import { allMessages } from '../../../domain/depth.ts';
import { isFinished, type MoveTask } from '../../../domain/move-task.ts';
import type { Queue } from '../../../domain/queue.ts';
import { movedInWords } from '../../../domain/task-words.ts';
import type { Notification } from '../../../domain/watch/notification.ts';
import type { CardContent } from '../../../operations/answer.ts';
import { writeValue } from '../../actions/action-buttons.ts';
import { redriveIds } from '../../actions/redrive-ids.ts';
import { actions, button, type Message, plain } from '../../block-kit.ts';
import { writeButtonValue } from '../../buttons.ts';
import { afterCancel } from './state-words.ts';

/** Redrive… if messages are waiting and nothing is active; Cancel… if a redrive is running. */
export function redriveButtons(card: CardContent, isInChannel: boolean): Button[] {
  const { queue, task, depth } = card;
  if (!queue.redrive || !isInChannel) return [];
  if (task && !isFinished(task)) return cancelButtons(queue, task);
  const isEmpty = !depth?.ok || allMessages(depth.value) === 0;
  return isEmpty ? [] : [button(redriveIds.openForm, 'Redrive…', writeValue({ q: queue.arn }))];
}

/** None where no action is allowed. A task without a start cannot be told from another. */
function cancelButtons(queue: Queue, task: MoveTask, below?: 'notification'): Button[] {
  if (!queue.redrive || task.status !== 'RUNNING' || task.startedAt === undefined) return [];
  const value = { q: queue.arn, n: 1, s: task.startedAt, below };
  return [
    {
      ...button(redriveIds.cancel, 'Cancel…', writeButtonValue(value)),
      style: 'danger',
      confirm: {
        title: plain('Cancel the redrive?'),
        text: plain(`${queue.name}: ${movedInWords(task)}. ${afterCancel}`),
        confirm: plain('Cancel redrive'),
        deny: plain('Keep it running'),
        style: 'danger',
      },
    },
  ];
}

/** Where it may be clicked: messages come back, and moving more is for people to stop. */
export function withCancel(view: Message, notification: Notification, queue: Queue): Message {
  const buttons =
    notification.kind === 'coming-back' ? cancelButtons(queue, notification.task, 'notification') : [];
  return buttons.length > 0 ? { ...view, blocks: [...view.blocks, actions(buttons)] } : view;
}
