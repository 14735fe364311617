import { type Json, recordOf } from '../json.ts';
import type { Field, FieldValue } from '../modal/modal-context.ts';
import { TextObject } from '../text/text-object.tsx';
import { optionsWithWords } from './options.ts';

type Props = { element: Json; field: Field; onChoose: (value: FieldValue) => void };

/** Radio buttons (one choice) or checkboxes. */
export function ChoiceElement({ element, field, onChoose }: Props) {
  const isOne = element['type'] === 'radio_buttons';
  const chosen = [field.value].flat();
  const toggled = (value: string) =>
    chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
  const { id, 'aria-describedby': describedBy } = field.attributes;
  return (
    <fieldset
      id={id}
      className="choices"
      role={isOne ? 'radiogroup' : undefined}
      aria-labelledby={`${field.id}-label`}
      aria-describedby={describedBy}
      data-invalid={field.error !== undefined}
    >
      {optionsWithWords(element).map(({ value, option }) => (
        <label key={value} className="choice">
          <input
            type={isOne ? 'radio' : 'checkbox'}
            name={field.id}
            value={value}
            checked={chosen.includes(value)}
            onChange={() => onChoose(isOne ? value : toggled(value))}
          />
          <span>
            <TextObject value={option['text']} />
            {option['description'] !== undefined && (
              <small>
                <TextObject value={recordOf(option['description'])} />
              </small>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
