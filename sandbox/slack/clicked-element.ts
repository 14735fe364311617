import { isRecord, type Json, textOf } from './json.ts';

/** The entry of `actions` in a click's payload, without its time. */
export type ClickedElement = Json;

/** A message or a Home. */
type Shown = { blocks?: unknown[] };

/** undefined if it shows no such element. A given value replaces the button's own. */
export function clickedElement(
  shown: Shown,
  { blockId, actionId, value }: { blockId: string; actionId: string; value?: string },
): ClickedElement | undefined {
  const element = elementNamed(shown, { blockId, actionId });
  if (!element) return undefined;
  const type = textOf(element['type']) ?? 'button';
  const named = { action_id: actionId, block_id: blockId, type };
  if (type !== 'button') return { ...named, selected_option: optionOf(element, value ?? '') };
  const sent = value ?? element['value'];
  return { ...named, text: element['text'], ...(sent !== undefined && { value: sent }) };
}

export function elementNamed(
  { blocks = [] }: Shown,
  { blockId, actionId }: { blockId: string; actionId: string },
): Json | undefined {
  const block = blocks.find((one) => isRecord(one) && one['block_id'] === blockId);
  return elementsOf(block).find((one) => one['action_id'] === actionId);
}

/** Everything a person can click in a message or a Home, with its label. */
export function clickableElements(shown: Shown): { blockId: string; actionId: string; label: string }[] {
  return (shown.blocks ?? []).flatMap((block) =>
    elementsOf(block).flatMap((element) => {
      const [blockId, actionId] = [isRecord(block) && block['block_id'], element['action_id']];
      if (typeof blockId !== 'string' || typeof actionId !== 'string') return [];
      const words = element['text'] ?? element['placeholder'];
      return [{ blockId, actionId, label: (isRecord(words) && textOf(words['text'])) || '' }];
    }),
  );
}

function elementsOf(block: unknown): Json[] {
  if (!isRecord(block)) return [];
  const elements: unknown = block['elements'];
  return [...(Array.isArray(elements) ? elements : []), block['accessory']].filter(isRecord);
}

/** With its label, if the element has one. */
export function optionOf(element: Json, value: string): Json {
  const groups: unknown = element['option_groups'];
  const inGroups = Array.isArray(groups) ? groups.filter(isRecord).map((group) => group['options']) : [];
  const options: unknown[] = [element['options'], ...inGroups].flat();
  const option = options.find((one) => isRecord(one) && one['value'] === value);
  return isRecord(option) ? option : { text: { type: 'plain_text', text: value }, value };
}
