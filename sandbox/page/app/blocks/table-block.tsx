import { byPlace } from '../by-place.ts';
import { type Json, listOf, recordOf, stringOf } from '../json.ts';
import { LibraryBlock } from './library-block.tsx';

/** The first row is the header. On a narrow screen the table scrolls by itself, also by keyboard. */
export function TableBlock({ block }: { block: Json }) {
  const [head = [], ...rows] = listOf(block['rows']).map(listOf);
  const classes = listOf(block['column_settings']).map((settings) => columnClass(recordOf(settings)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard
    <section className="table-block" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {byPlace(head).map(({ key, item }) => (
              <th key={key} scope="col" className={classes[Number(key)]}>
                <Cell cell={recordOf(item)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {byPlace(rows).map(({ key, item }) => (
            <Row key={key} cells={item} classes={classes} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ cells, classes }: { cells: unknown[]; classes: string[] }) {
  return (
    <tr>
      {byPlace(cells).map(({ key, item }) => (
        <td key={key} className={classes[Number(key)]}>
          <Cell cell={recordOf(item)} />
        </td>
      ))}
    </tr>
  );
}

function Cell({ cell }: { cell: Json }) {
  const { type, text, value } = cell;
  if (type === 'rich_text') return <LibraryBlock key={JSON.stringify(cell)} block={cell} />;
  if (type === 'raw_number') return <>{stringOf(text) ?? String(value ?? '')}</>;
  return <>{stringOf(text) ?? JSON.stringify(cell)}</>;
}

function columnClass(settings: Json): string {
  const align = stringOf(settings['align']) ?? 'left';
  return `align-${align}${settings['is_wrapped'] === true ? ' wrapped' : ''}`;
}
