import { useCallback, useEffect, useState } from 'react';

/** Who is looking at what. It is in the address, so that a reload keeps it and two tabs can be two people. */
export type View = { person?: string; channel?: string; thread?: string; home?: string };

export function useView(): [View, (change: View) => void] {
  const [view, setView] = useState<View>(readAddress);
  useEffect(() => {
    const follow = () => setView(readAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const change = useCallback((changed: View) => {
    const next = { ...readAddress(), ...changed };
    history.replaceState(null, '', `#${new URLSearchParams(withoutEmpty(next))}`);
    setView(withoutEmpty(next));
  }, []);
  return [view, change];
}

function readAddress(): View {
  const { person, channel, thread, home } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  return withoutEmpty({ person, channel, thread, home });
}

function withoutEmpty(view: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(view).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
