import { useContext } from 'react';
import { type Json, stringOf } from '../json.ts';
import { type FieldValue, ModalContext, useField } from '../modal/modal-context.ts';
import { ChoiceElement } from './choice-element.tsx';
import { LibraryBlock } from './library-block.tsx';
import { SearchSelectElement } from './search-select-element.tsx';
import { SelectElement } from './select-element.tsx';
import { TextInputElement } from './text-input-element.tsx';

const known = [
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'static_select',
  'external_select',
  'radio_buttons',
  'checkboxes',
  'datepicker',
  'timepicker',
];

/** Whether an element of a form has a value. */
export const isField = (element: Json) => known.includes(String(element['type']));

/**
 * An element of a form that a person fills in. Outside of input blocks, or on request, the bot is notified at
 * once.
 */
export function FieldElement({ block, element }: { block: Json; element: Json }) {
  const open = useContext(ModalContext);
  const field = useField(block, element);
  const blockId = stringOf(block['block_id']) ?? '';
  const isTold = block['type'] !== 'input' || block['dispatch_action'] === true;
  const choose = (value: FieldValue) => {
    const values = field.change(value);
    if (isTold) void open?.press({ blockId, actionId: stringOf(element['action_id']) ?? '', values });
  };
  switch (element['type']) {
    case 'static_select':
      return (
        <SelectElement
          element={element}
          isBusy={false}
          onPress={(value = '') => choose(value)}
          field={field}
        />
      );
    case 'external_select':
      return (
        <SearchSelectElement
          element={element}
          blockId={blockId}
          isBusy={false}
          onPress={(value = '') => choose(value)}
          field={field}
        />
      );
    case 'radio_buttons':
    case 'checkboxes':
      return <ChoiceElement element={element} field={field} onChoose={choose} />;
    default:
      return isField(element) ? (
        <TextInputElement element={element} field={field} onDone={isTold ? choose : undefined} />
      ) : (
        <LibraryBlock block={{ type: 'actions', elements: [element] }} />
      );
  }
}
