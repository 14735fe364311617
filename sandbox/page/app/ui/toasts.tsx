import type { Toast } from '../use-toasts.ts';

export function Toasts({ toasts, onDismiss }: { toasts: Toast[]; onDismiss: (id: string) => void }) {
  return (
    <div className="toasts" role="status">
      {toasts.map((toast) => (
        <button type="button" key={toast.id} className="toast" onClick={() => onDismiss(toast.id)}>
          {toast.text}
        </button>
      ))}
    </div>
  );
}
