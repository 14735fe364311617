import { useSyncExternalStore } from 'react';

const darkScheme = matchMedia('(prefers-color-scheme: dark)');

function subscribe(onChange: () => void): () => void {
  darkScheme.addEventListener('change', onChange);
  return () => darkScheme.removeEventListener('change', onChange);
}

export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => darkScheme.matches);
}
