import { useCallback, useState } from 'react';

const shownForMs = 5000;

export type Toast = { id: string; text: string };

export function useToasts() {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const dismiss = useCallback((id: string) => setToasts((shown) => shown.filter((one) => one.id !== id)), []);
  const toast = useCallback(
    (text: string) => {
      const id = crypto.randomUUID();
      setToasts((shown) => [...shown, { id, text }]);
      setTimeout(() => dismiss(id), shownForMs);
    },
    [dismiss],
  );
  return { toasts, toast, dismiss };
}
