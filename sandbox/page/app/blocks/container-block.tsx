import { type Json, recordOf, stringOf } from '../json.ts';
import { plainText, TextObject } from '../text/text-object.tsx';
import { Blocks } from './blocks.tsx';

/** Rendered here, so that its content is rendered, clicked and boxed like everything else. */
export function ContainerBlock({ block }: { block: Json }) {
  const { title, subtitle, icon, child_blocks, is_collapsible, default_collapsed } = block;
  const words = (
    <>
      {icon !== undefined && <ContainerIcon icon={recordOf(icon)} />}
      <span>
        <b>
          <TextObject value={title} />
        </b>
        {subtitle !== undefined && (
          <small>
            <TextObject value={subtitle} />
          </small>
        )}
      </span>
    </>
  );
  if (is_collapsible !== true) {
    return (
      <section className="container-block" aria-label={plainText(title)}>
        <div className="container-title">{words}</div>
        <Blocks blocks={child_blocks} />
      </section>
    );
  }
  return (
    <details className="container-block" open={default_collapsed !== true}>
      <summary className="container-title">{words}</summary>
      <Blocks blocks={child_blocks} />
    </details>
  );
}

function ContainerIcon({ icon }: { icon: Json }) {
  return (
    <img src={stringOf(icon['image_url'])} alt={stringOf(icon['alt_text']) ?? ''} width={20} height={20} />
  );
}
