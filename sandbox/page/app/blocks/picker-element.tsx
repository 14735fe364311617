import { stringOf } from '../json.ts';
import { plainText } from '../text/text-object.tsx';
import type { ElementProps } from './block-element.tsx';

export function PickerElement({ element, isBusy, onPress }: ElementProps) {
  const isDate = element['type'] === 'datepicker';
  return (
    <input
      className="select"
      type={isDate ? 'date' : 'time'}
      aria-label={plainText(element['placeholder']) || (isDate ? 'Select a date' : 'Select a time')}
      disabled={isBusy}
      defaultValue={stringOf(element[isDate ? 'initial_date' : 'initial_time'])}
      onChange={(event) => onPress(event.currentTarget.value)}
    />
  );
}
