import { type KeyboardEvent, useId } from 'react';
import type { Json } from '../json.ts';
import type { Field } from '../modal/modal-context.ts';
import { plainText } from '../text/text-object.tsx';

type Props = {
  element: Json;
  field: Field;
  /** If set, the bot is notified when Enter is pressed. */
  onDone: ((value: string) => void) | undefined;
};

const types: Record<string, string> = {
  datepicker: 'date',
  timepicker: 'time',
  email_text_input: 'email',
  url_text_input: 'url',
};

/** A number is kept as text, so that wrong input is not lost. */
export function TextInputElement({ element, field, onDone }: Props) {
  const left = useId();
  const value = String(field.value);
  const shared = {
    ...field.attributes,
    className: 'text-input',
    value,
    placeholder: plainText(element['placeholder']),
    'data-focus-on-load': element['focus_on_load'] === true ? '' : undefined,
    onChange: (event: { currentTarget: { value: string } }) => field.change(event.currentTarget.value),
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' || !onDone) return;
    event.preventDefault();
    onDone(event.currentTarget.value);
  };
  const isNumber = element['type'] === 'number_input';
  return (
    <div className="text-field">
      {element['multiline'] === true ? (
        <textarea {...shared} rows={3} />
      ) : (
        <input
          {...shared}
          type={types[String(element['type'])] ?? 'text'}
          inputMode={isNumber ? (element['is_decimal_allowed'] === true ? 'decimal' : 'numeric') : undefined}
          autoComplete="off"
          onKeyDown={onKeyDown}
        />
      )}
      <CharactersLeft id={left} max={Number(element['max_length'] ?? 0)} used={value.length} />
    </div>
  );
}

/** Shown for the last fifth. */
function CharactersLeft({ id, max, used }: { id: string; max: number; used: number }) {
  if (max === 0 || used < max * 0.8) return null;
  return (
    <output
      id={id}
      className={`characters-left${used > max ? ' too-many' : ''}`}
      aria-label="Characters left"
    >
      {max - used}
    </output>
  );
}
