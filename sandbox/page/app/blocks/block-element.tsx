import { useContext } from 'react';
import { type Json, recordOf, stringOf } from '../json.ts';
import { ModalContext } from '../modal/modal-context.ts';
import { ButtonElement } from './button-element.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { FieldElement, isField } from './field-element.tsx';
import { LibraryBlock } from './library-block.tsx';
import { OverflowElement } from './overflow-element.tsx';
import { PickerElement } from './picker-element.tsx';
import { SearchSelectElement } from './search-select-element.tsx';
import { SelectElement } from './select-element.tsx';
import { usePress } from './use-press.ts';

export type ElementProps = { element: Json; isBusy: boolean; onPress: (value?: string) => void };

/** An element of a block, connected to the local Slack where a message may contain it. */
export function BlockElement({ block, element: unknownElement }: { block: Json; element: unknown }) {
  const element = recordOf(unknownElement);
  const isInForm = useContext(ModalContext) !== undefined;
  const { press, asking, confirm, cancel, busy } = usePress();
  const onPress = (value?: string) => press(stringOf(block['block_id']) ?? '', element, value);
  if (isInForm && isField(element)) return <FieldElement block={block} element={element} />;
  return (
    <>
      <Drawn
        blockId={stringOf(block['block_id']) ?? ''}
        element={element}
        isBusy={busy !== undefined}
        onPress={onPress}
      />
      {asking && (
        <ConfirmDialog confirm={recordOf(element['confirm'])} onConfirm={confirm} onCancel={cancel} />
      )}
    </>
  );
}

function Drawn({ blockId, ...props }: ElementProps & { blockId: string }) {
  switch (props.element['type']) {
    case 'button':
    case 'workflow_button':
      return <ButtonElement {...props} />;
    case 'static_select':
      return <SelectElement {...props} />;
    case 'external_select':
      return <SearchSelectElement {...props} blockId={blockId} />;
    case 'overflow':
      return <OverflowElement {...props} />;
    case 'datepicker':
    case 'timepicker':
      return <PickerElement {...props} />;
    case 'image':
      return <ImageElement element={props.element} />;
    default:
      return <LibraryBlock block={{ type: 'actions', elements: [props.element] }} />;
  }
}

function ImageElement({ element }: { element: Json }) {
  return (
    <img
      className="accessory"
      src={stringOf(element['image_url'])}
      alt={stringOf(element['alt_text']) ?? ''}
    />
  );
}
