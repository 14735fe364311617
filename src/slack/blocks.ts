import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { cut } from '../domain/shown-text.ts';

/** A message as Slack accepts it. `text` has everything that the blocks show, for notifications and screen readers. */
export type Message = { text: string; blocks: KnownBlock[] };

/**
 * A message with its blocks as JSON text. If Slack's client gets the blocks themselves, it copies all of them
 * without possible tokens for a debug log line, which takes longer than sending them.
 */
export function asSent({ text, blocks }: Message): Message {
  return { text, blocks: JSON.stringify(blocks) as unknown as KnownBlock[] };
}

/** `verbatim` keeps Slack from turning plain words into links and mentions. */
function markdown(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(cut(text, 150)) };
}

export function section(text: string): SectionBlock {
  return { type: 'section', text: markdown(text) };
}

export function fields(pairs: readonly (readonly [label: string, value: string])[]): SectionBlock {
  return { type: 'section', fields: pairs.map(([label, value]) => markdown(`*${label}*\n${value}`)) };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [markdown(text)] };
}

export function plainContext(text: string): ContextBlock {
  return { type: 'context', elements: [plain(text)] };
}

export function actions(elements: ActionsBlock['elements']): ActionsBlock {
  return { type: 'actions', elements };
}

export function button(actionId: string, label: string, value: string): Button {
  return { type: 'button', action_id: actionId, text: plain(cut(label, 75)), value };
}

export function linkButton(actionId: string, label: string, url: string): Button {
  return { type: 'button', action_id: actionId, text: plain(cut(label, 75)), url };
}
