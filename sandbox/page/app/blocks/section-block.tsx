import { byPlace } from '../by-place.ts';
import { type Json, listOf } from '../json.ts';
import { TextObject } from '../text/text-object.tsx';
import { BlockElement } from './block-element.tsx';

export function SectionBlock({ block }: { block: Json }) {
  const { text, fields, accessory } = block;
  return (
    <div className="section-block">
      <div className="section-words">
        {text !== undefined && <TextObject value={text} />}
        {fields !== undefined && (
          <div className="fields">
            {byPlace(listOf(fields)).map(({ key, item }) => (
              <TextObject key={key} value={item} />
            ))}
          </div>
        )}
      </div>
      {accessory !== undefined && <BlockElement block={block} element={accessory} />}
    </div>
  );
}
