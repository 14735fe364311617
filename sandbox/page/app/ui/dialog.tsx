import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon } from './icons.tsx';

type Props = { title: ReactNode; onClose: () => void; className?: string; children: ReactNode };

/** The browser's own modal dialog: it traps the focus, Escape closes it, and the focus returns. */
export function Dialog({ title, onClose, className = '', children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-labelledby={titleId}
      // React passes a dialog's close event to the dialogs around it, too.
      onClose={(event) => event.target === event.currentTarget && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className="dialog-header">
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
