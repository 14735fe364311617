import type { ModalView } from '@slack/types';
import { type Message, plain, section } from '../../blocks.ts';

export const formTitle = plain('Redrive messages');

/** Shown before access is checked, so it names nothing. */
export function lookingView(): ModalView {
  return { type: 'modal', title: formTitle, close: plain('Close'), blocks: [section('Loading…')] };
}

/**
 * Shows an answer in the form's window, such as a refusal. Without buttons, because clicks in a form belong
 * to no channel.
 */
export function answerInForm({ blocks }: Message): ModalView {
  return {
    type: 'modal',
    title: formTitle,
    close: plain('Close'),
    blocks: blocks.filter(({ type }) => type !== 'actions'),
  };
}
