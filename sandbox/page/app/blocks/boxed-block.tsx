import { recordOf, stringOf } from '../json.ts';
import { Icon } from '../ui/icons.tsx';

/** A block that this page can't render is never dropped: its type and its JSON are shown instead. */
export function BoxedBlock({
  block,
  why = 'is not supported by this sandbox',
}: {
  block: unknown;
  why?: string;
}) {
  const type = stringOf(recordOf(block)['type']) ?? 'without a type';
  return (
    <details className="boxed-block">
      <summary>
        <Icon name="box" />
        <span>
          Block <code>{type}</code> {why}
        </span>
      </summary>
      <pre className="code-block">{JSON.stringify(block, null, 2)}</pre>
    </details>
  );
}
