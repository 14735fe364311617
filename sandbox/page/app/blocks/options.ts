import { type Json, listOf, recordOf, stringOf } from '../json.ts';
import { plainText } from '../text/text-object.tsx';

export type Option = { value: string; text: string };
export type OptionGroup = { label: string; options: Option[] };

export function groupsOf(element: Json): OptionGroup[] {
  const groups = listOf(element['option_groups']).map(recordOf);
  if (groups.length === 0) return [{ label: '', options: optionsOf(element) }];
  return groups.map((group) => ({ label: plainText(group['label']), options: optionsOf(group) }));
}

export function optionsOf(holder: Json): Option[] {
  return listOf(holder['options']).map((option) => {
    const { value, text } = recordOf(option);
    return { value: stringOf(value) ?? '', text: plainText(text) };
  });
}

/** With everything that an option contains. */
export function optionsWithWords(holder: Json): { value: string; option: Json }[] {
  return listOf(holder['options']).map((one) => {
    const option = recordOf(one);
    return { value: stringOf(option['value']) ?? '', option };
  });
}
