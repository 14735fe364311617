import type { ExternalSelect, PlainTextOption } from '@slack/types';
import type { Queue } from '../../domain/queue.ts';
import { cut } from '../../domain/shown-text.ts';
import { plain } from '../block-kit.ts';
import { actionIds, type ButtonValue } from '../buttons.ts';

/** `asked`: how many tasks to show. `among`: only queues with this name. */
export type Picked = { asked: number; among?: string };

/** A select whose options Slack requests while a person types; a list of all queues would not fit in a message. */
export function queuePicker(picked: Picked): ExternalSelect {
  return {
    type: 'external_select',
    action_id: pickerId(picked),
    placeholder: plain('Search for a queue'),
    min_query_length: 0,
  };
}

/** Slack accepts 75 characters in the text of an option, and 150 in its value. */
export function queueOption({ alias, account, region, arn }: Queue, asked: number): PlainTextOption {
  const picked: ButtonValue = { q: arn, n: asked };
  const text = `${cut(alias, 40)} · ${cut(account.label, 15)} · ${region}`;
  return { text: plain(cut(text, 75)), value: JSON.stringify(picked) };
}

/** The only text that fits in a search result; picking it shows the details. */
export function unknownHomeOption(): PlainTextOption {
  const text = "Slack didn't say which organization you're from. Pick this for details.";
  return { text: plain(text), value: 'unknown-home' };
}

/** An id holds 255 characters. */
const longestAmong = 200;

/** A search request contains only this id and what was typed. */
function pickerId({ asked, among = '' }: Picked): string {
  return `${actionIds.pickQueue}:${asked}:${among.length > longestAmong ? '' : among}`;
}

/** undefined for an id that the bot did not write. */
export function readPickerId(id: string): Picked | undefined {
  const [prefix, asked, ...among] = id.split(':');
  if (prefix !== actionIds.pickQueue || !/^(?:[1-9]|10)$/.test(asked ?? '')) return undefined;
  const name = among.join(':');
  return { asked: Number(asked), ...(name !== '' && { among: name }) };
}
