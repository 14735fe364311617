import { optionOf } from './clicked-element.ts';
import { isRecord, type Json, textOf } from './json.ts';
import { elementsIn, type Modal } from './modals.ts';
import type { ModalValues } from './page-contract.ts';
import type { ViewState } from './view-payloads.ts';

const texts = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input'];
const choices = ['static_select', 'external_select', 'radio_buttons'];

/** Every element with a value: the person's, or else the initial one. */
export function stateOf({ view, offered }: Modal, values: ModalValues): ViewState {
  const state: ViewState = {};
  for (const { block, element } of elementsIn(view)) {
    const [blockId, actionId] = [textOf(block['block_id']) ?? '', textOf(element['action_id']) ?? ''];
    const entry = entryOf(element, values[blockId]?.[actionId], offered);
    if (entry) state[blockId] = { ...state[blockId], [actionId]: entry };
  }
  return state;
}

type Given = string | string[] | null | undefined;

/** undefined for an element without a value, such as a button. */
function entryOf(element: Json, given: Given, offered: Json[]): Json | undefined {
  const type = textOf(element['type']) ?? '';
  if (texts.includes(type)) {
    const value = given === undefined ? (element['initial_value'] ?? null) : given || null;
    return { type, value };
  }
  if (choices.includes(type)) {
    const initial = element['initial_option'] ?? null;
    const chosen = given ? chosenOption(element, String(given), offered) : null;
    return { type, selected_option: given === undefined ? initial : chosen };
  }
  if (type === 'checkboxes') {
    const chosen = given === undefined ? (element['initial_options'] ?? []) : [given ?? []].flat();
    const options = Array.isArray(chosen) ? chosen : [];
    return {
      type,
      selected_options: options.map((one) => (typeof one === 'string' ? optionOf(element, one) : one)),
    };
  }
  const [, kind] = /^(date|time)picker$/.exec(type) ?? [];
  if (!kind) return undefined;
  const initial = element[`initial_${kind}`] ?? null;
  return { type, [`selected_${kind}`]: given === undefined ? initial : given || null };
}

function chosenOption(element: Json, value: string, offered: Json[]): Json {
  return offered.find((option) => option['value'] === value) ?? optionOf(element, value);
}

/** The errors that Slack itself shows in a form before the app is notified, by block. */
export function complaintsAbout({ view }: Modal, state: ViewState): Record<string, string> {
  const inputs = elementsIn(view).filter(({ block }) => block['type'] === 'input');
  const complaints = inputs.flatMap(({ block, element }) => {
    const [blockId, actionId] = [String(block['block_id']), String(element['action_id'])];
    const says = complaintAbout(block, element, state[blockId]?.[actionId] ?? {});
    return says ? [[blockId, says]] : [];
  });
  return Object.fromEntries(complaints);
}

function complaintAbout(block: Json, element: Json, entry: Json): string | undefined {
  const value =
    entry['value'] ?? entry['selected_option'] ?? entry['selected_date'] ?? entry['selected_time'];
  const chosen = entry['selected_options'];
  const isEmpty = Array.isArray(chosen) ? chosen.length === 0 : !hasWords(value);
  if (isEmpty) return block['optional'] === true ? undefined : 'Please complete this required field.';
  if (element['type'] === 'plain_text_input') return complaintAboutText(element, String(value));
  if (element['type'] === 'number_input') return complaintAboutNumber(element, String(value));
  return undefined;
}

const hasWords = (value: unknown) => (typeof value === 'string' ? value.trim() !== '' : isRecord(value));

const longestText = 3_000;

function complaintAboutText({ min_length, max_length }: Json, text: string): string | undefined {
  const [min, max] = [Number(min_length ?? 0), Number(max_length ?? longestText)];
  if (text.length < min) return `Please enter at least ${min} characters.`;
  if (text.length > max) return `Please enter no more than ${max} characters.`;
  return undefined;
}

function complaintAboutNumber(element: Json, text: string): string | undefined {
  const { min_value, max_value, is_decimal_allowed } = element;
  const number = Number(text);
  if (!/^-?\d*\.?\d+$/.test(text.trim())) return 'Please enter a valid number.';
  if (is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (min_value !== undefined && number < Number(min_value)) {
    return `Please enter a number of at least ${String(min_value)}.`;
  }
  if (max_value !== undefined && number > Number(max_value)) {
    return `Please enter a number of at most ${String(max_value)}.`;
  }
  return undefined;
}
