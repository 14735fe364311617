import { byPlace } from '../by-place.ts';
import { listOf, recordOf } from '../json.ts';
import { Block } from './block.tsx';
import { BlockBoundary } from './block-boundary.tsx';

export function Blocks({ blocks }: { blocks: unknown }) {
  return (
    <div className="blocks">
      {byPlace(listOf(blocks)).map(({ key, item }) => (
        <BlockBoundary key={key} block={item}>
          <Block block={recordOf(item)} />
        </BlockBoundary>
      ))}
    </div>
  );
}
