import type { Message } from '../blocks.ts';
import { privateMessage } from './private-message.ts';

/** To somebody who has waited for a while and sees nothing. */
export function stillWaitingView(): Message {
  return privateMessage([
    '⏳ *This takes longer than usual.*',
    'The answer, or the reason why there is none, comes within about half a minute. There is no need to ask again.',
  ]);
}
