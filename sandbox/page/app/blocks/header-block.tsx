import type { Json } from '../json.ts';
import { TextObject } from '../text/text-object.tsx';

export function HeaderBlock({ block }: { block: Json }) {
  return (
    <h3 className="header-block">
      <TextObject value={block['text']} />
    </h3>
  );
}
