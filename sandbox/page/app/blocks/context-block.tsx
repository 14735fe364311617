import { byPlace } from '../by-place.ts';
import { type Json, listOf, recordOf, stringOf } from '../json.ts';
import { TextObject } from '../text/text-object.tsx';

export function ContextBlock({ block }: { block: Json }) {
  return (
    <div className="context-block">
      {byPlace(listOf(block['elements'])).map(({ key, item: element }) => {
        const { type, image_url, alt_text } = recordOf(element);
        if (type !== 'image') return <TextObject key={key} value={element} />;
        return <img key={key} src={stringOf(image_url)} alt={stringOf(alt_text) ?? ''} />;
      })}
    </div>
  );
}
