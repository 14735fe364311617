import { useCallback, useState } from 'react';
import type { Place } from './workspace.ts';

/** What Slackbot says to one person in private. It exists only in this page. */
export type Notice = Place & { id: string; person: string; at: number; text: string };

export function useNotices(person: string) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const tell = useCallback(
    (place: Place, text: string) => {
      setNotices((told) => [...told, { ...place, id: crypto.randomUUID(), person, at: Date.now(), text }]);
    },
    [person],
  );
  const dismiss = useCallback((id: string) => setNotices((told) => told.filter((one) => one.id !== id)), []);
  return { notices: notices.filter((notice) => notice.person === person), tell, dismiss };
}
