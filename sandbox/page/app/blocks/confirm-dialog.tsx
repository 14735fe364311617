import type { Json } from '../json.ts';
import { plainText, TextObject } from '../text/text-object.tsx';
import { Dialog } from '../ui/dialog.tsx';

type Props = { confirm: Json; onConfirm: () => void; onCancel: () => void };

export function ConfirmDialog({ confirm, onConfirm, onCancel }: Props) {
  const tone = confirm['style'] === 'danger' ? 'danger' : 'primary';
  return (
    <Dialog title={plainText(confirm['title']) || 'Are you sure?'} onClose={onCancel}>
      <div className="dialog-body">
        <TextObject value={confirm['text']} />
      </div>
      <footer className="dialog-actions">
        <button type="button" className="button" onClick={onCancel}>
          {plainText(confirm['deny']) || 'Cancel'}
        </button>
        <button type="button" className={`button ${tone}`} onClick={onConfirm}>
          {plainText(confirm['confirm']) || 'Yes'}
        </button>
      </footer>
    </Dialog>
  );
}
