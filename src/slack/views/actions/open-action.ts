import { type Action, isOpen } from '../../../domain/actions/action.ts';
import { linkToMessage } from '../notification.ts';
import { personInWords } from '../task-text.ts';
import { reasonInWords } from './people.ts';
import { stateInWords } from './state-words.ts';

/** Another action of the queue, for whoever asks while it is open. */
export function openActionInWords(action: Action, workspaceUrl: string): string {
  const { kind, requester, place } = action;
  const what = kind === 'start' ? 'Redrive' : 'Cancel';
  const reason = action.reason === '' ? '' : `: ${reasonInWords(action)}`;
  const link =
    place.message === undefined
      ? ''
      : ` · <${linkToMessage({ channel: place.channel, ts: place.message }, workspaceUrl)}|show it>`;
  const already = isOpen(action) ? 'Already open' : 'This form was submitted before';
  return `${already}: ${what} requested by ${personInWords(requester)} · ${stateInWords(action)}${reason}${link}`;
}
