import { stringOf } from '../json.ts';
import { Icon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import type { ElementProps } from './block-element.tsx';
import { optionsOf } from './options.ts';

export function OverflowElement({ element, onPress }: ElementProps) {
  const items = optionsOf(element).map(({ value, text }) => ({
    key: value,
    label: text,
    onPick: () => onPress(value),
  }));
  return (
    <Menu
      label={stringOf(element['accessibility_label']) ?? 'More'}
      className="button overflow"
      items={items}
    >
      <Icon name="more" />
    </Menu>
  );
}
