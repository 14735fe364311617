import type { Json } from '../json.ts';
import { ActionsBlock } from './actions-block.tsx';
import { BoxedBlock } from './boxed-block.tsx';
import { ContainerBlock } from './container-block.tsx';
import { ContextBlock } from './context-block.tsx';
import { HeaderBlock } from './header-block.tsx';
import { InputBlock } from './input-block.tsx';
import { LibraryBlock } from './library-block.tsx';
import { SectionBlock } from './section-block.tsx';
import { TableBlock } from './table-block.tsx';

/**
 * Common blocks are rendered here, because slack-blocks-to-jsx parses text that Slack does not (an escaped
 * `<!channel>` or a `raw_text` would look like a ping) and has no click callback. The library renders the
 * others.
 */
export function Block({ block }: { block: Json }) {
  switch (block['type']) {
    case 'section':
      return <SectionBlock block={block} />;
    case 'header':
      return <HeaderBlock block={block} />;
    case 'context':
      return <ContextBlock block={block} />;
    case 'divider':
      return <hr className="divider-block" />;
    case 'actions':
      return <ActionsBlock block={block} />;
    case 'table':
      return <TableBlock block={block} />;
    case 'container':
      return <ContainerBlock block={block} />;
    case 'input':
      return <InputBlock block={block} />;
    case 'alert':
    case 'card':
    case 'carousel':
    case 'context_actions':
    case 'file':
    case 'image':
    case 'markdown':
    case 'plan':
    case 'rich_text':
    case 'task_card':
    case 'video':
      return <LibraryBlock key={JSON.stringify(block)} block={block} />;
    default:
      return <BoxedBlock block={block} />;
  }
}
