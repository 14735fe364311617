import { useContext } from 'react';
import { type Json, recordOf } from '../json.ts';
import { ModalContext, useField } from '../modal/modal-context.ts';
import { TextObject } from '../text/text-object.tsx';
import { Icon } from '../ui/icons.tsx';
import { FieldElement } from './field-element.tsx';
import { LibraryBlock } from './library-block.tsx';

/** A label, a field, its error and a hint. Outside of forms the library renders it. */
export function InputBlock({ block }: { block: Json }) {
  const isInForm = useContext(ModalContext) !== undefined;
  return isInForm ? <FormInput block={block} /> : <LibraryBlock key={JSON.stringify(block)} block={block} />;
}

const groups = ['radio_buttons', 'checkboxes'];

function FormInput({ block }: { block: Json }) {
  const element = recordOf(block['element']);
  const { id, error } = useField(block, element);
  const isGroup = groups.includes(String(element['type']));
  const label = (
    <>
      <TextObject value={block['label']} />
      {block['optional'] === true && <span className="optional"> (optional)</span>}
    </>
  );
  return (
    <div className="input-block">
      {isGroup ? (
        <span className="input-label" id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <label className="input-label" htmlFor={id}>
          {label}
        </label>
      )}
      <FieldElement block={block} element={element} />
      {error !== undefined && (
        <p className="input-error" id={`${id}-error`} role="alert">
          <Icon name="alert" /> {error}
        </p>
      )}
      {block['hint'] !== undefined && (
        <p className="input-hint" id={`${id}-hint`}>
          <TextObject value={block['hint']} />
        </p>
      )}
    </div>
  );
}
