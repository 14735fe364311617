import { byPlace } from '../by-place.ts';
import { type Json, listOf } from '../json.ts';
import { BlockElement } from './block-element.tsx';

export function ActionsBlock({ block }: { block: Json }) {
  return (
    <div className="actions-block">
      {byPlace(listOf(block['elements'])).map(({ key, item }) => (
        <BlockElement key={key} block={block} element={item} />
      ))}
    </div>
  );
}
