import type { Button } from '@slack/types';
import { allMessages } from '../../../domain/depth.ts';
import { isFinished } from '../../../domain/move-task.ts';
import { movedInWords } from '../../../domain/task-words.ts';
import type { CardContent } from '../../../operations/answer.ts';
import { writeValue } from '../../actions/action-buttons.ts';
import { redriveIds } from '../../actions/redrive-ids.ts';
import { button, plain } from '../../blocks.ts';
import { writeButtonValue } from '../../buttons.ts';
import { afterCancel } from './state-words.ts';

/** Redrive… if messages are waiting and nothing is active; Cancel… if a redrive is running. */
export function redriveButtons(card: CardContent, isInChannel: boolean): Button[] {
  const { queue, task, depth } = card;
  if (!queue.redrive || !isInChannel) return [];
  if (task && !isFinished(task)) return cancelButton(card);
  const isEmpty = !depth?.ok || allMessages(depth.value) === 0;
  return isEmpty ? [] : [button(redriveIds.openForm, 'Redrive…', writeValue({ q: queue.arn }))];
}

/** A task without a start cannot be told from another. */
function cancelButton({ queue, task }: CardContent): Button[] {
  if (task?.status !== 'RUNNING' || task.startedAt === undefined) return [];
  return [
    {
      ...button(redriveIds.cancel, 'Cancel…', writeButtonValue({ q: queue.arn, n: 1, s: task.startedAt })),
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
