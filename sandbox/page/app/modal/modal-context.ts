import { createContext, useContext } from 'react';
import type { ModalValues, PageModal } from '../../../slack/page-contract.ts';
import { type Json, listOf, recordOf, stringOf } from '../json.ts';
import type { Pressed } from './use-submit.ts';

export type FieldValue = string | string[];

type OpenModal = {
  modal: PageModal;
  /** What the person has changed so far. */
  values: ModalValues;
  /** Stores a change, and returns all changes. */
  change: (blockId: string, actionId: string, value: FieldValue) => ModalValues;
  /** Errors by block. */
  errors: Record<string, string>;
  /** Notifies the bot, and the person if that fails. */
  press: (pressed: Pressed) => Promise<void>;
};

/** The form whose blocks are rendered; undefined in messages and Homes. */
export const ModalContext = createContext<OpenModal | undefined>(undefined);

/** One element's value, and what connects it to its label, its error and its hint. */
export function useField(block: Json, element: Json) {
  const open = useContext(ModalContext);
  const blockId = stringOf(block['block_id']) ?? '';
  const actionId = stringOf(element['action_id']) ?? '';
  const error = open?.errors[blockId];
  const id = `field-${blockId}-${actionId}`;
  return {
    id,
    error,
    value: open?.values[blockId]?.[actionId] ?? initialValue(element),
    change: (value: FieldValue) => open?.change(blockId, actionId, value) ?? {},
    attributes: {
      id,
      'aria-invalid': error !== undefined,
      'aria-required': block['type'] === 'input' && block['optional'] !== true,
      'aria-describedby': `${id}-error ${id}-hint`,
    },
  };
}

export type Field = ReturnType<typeof useField>;

function initialValue(element: Json): FieldValue {
  if (element['type'] === 'checkboxes') {
    return listOf(element['initial_options']).map((option) => stringOf(recordOf(option)['value']) ?? '');
  }
  const { initial_value, initial_date, initial_time, initial_option } = element;
  return (
    stringOf(initial_value ?? initial_date ?? initial_time) ??
    stringOf(recordOf(initial_option)['value']) ??
    ''
  );
}
