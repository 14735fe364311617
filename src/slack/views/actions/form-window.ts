import type { ModalView } from '@slack/types';
import type { Message } from '../../blocks.ts';
import { plain, section } from '../../blocks.ts';

export const formTitle = plain('Redrive messages');

/** It stands before anybody knows whether the person may: so it names nothing. */
export function lookingView(): ModalView {
  return { type: 'modal', title: formTitle, close: plain('Close'), blocks: [section('Looking…')] };
}

/** An answer that is no form: a refusal, say. What would be clicked in it belongs to no channel. */
export function answerInForm({ blocks }: Message): ModalView {
  return {
    type: 'modal',
    title: formTitle,
    close: plain('Close'),
    blocks: blocks.filter(({ type }) => type !== 'actions'),
  };
}
