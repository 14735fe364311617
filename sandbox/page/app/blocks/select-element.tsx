import { recordOf, stringOf } from '../json.ts';
import type { Field } from '../modal/modal-context.ts';
import { plainText } from '../text/text-object.tsx';
import type { ElementProps } from './block-element.tsx';
import { groupsOf, type Option } from './options.ts';

export function SelectElement({ element, isBusy, onPress, field }: ElementProps & { field?: Field }) {
  const placeholder = plainText(element['placeholder']) || 'Choose an option';
  return (
    <select
      className="select"
      {...(field
        ? { ...field.attributes, value: String(field.value) }
        : {
            'aria-label': stringOf(element['accessibility_label']) ?? placeholder,
            defaultValue: stringOf(recordOf(element['initial_option'])['value']) ?? '',
          })}
      disabled={isBusy}
      onChange={(event) => onPress(event.currentTarget.value)}
    >
      <option value="" disabled>
        {placeholder}
      </option>
      {groupsOf(element).map(({ label, options }) =>
        label === '' ? (
          <Options key="" options={options} />
        ) : (
          <optgroup key={label} label={label}>
            <Options options={options} />
          </optgroup>
        ),
      )}
    </select>
  );
}

function Options({ options }: { options: Option[] }) {
  return options.map(({ value, text }) => (
    <option key={value} value={value}>
      {text}
    </option>
  ));
}
