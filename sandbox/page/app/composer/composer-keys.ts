export type ComposerKeys = {
  isOpen: boolean;
  /** Whether a completion is selected; Enter then accepts it. */
  hasChoice: boolean;
  move: (step: 1 | -1) => void;
  /** Moves through the history; false if there is nothing to move to. */
  walk: (step: 1 | -1) => boolean;
  pick: () => void;
  send: () => void;
  close: () => void;
};

/** Whether the composer handled the key; any other is left to the browser. */
export function pressKey(key: string, keys: ComposerKeys): boolean {
  if (key === 'Enter') return did(keys.isOpen && keys.hasChoice ? keys.pick : keys.send);
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : undefined;
  if (step !== undefined) return keys.isOpen ? did(() => keys.move(step)) : keys.walk(step);
  if (!keys.isOpen) return false;
  if (key === 'Tab') return did(keys.pick);
  return key === 'Escape' && did(keys.close);
}

function did(action: () => void): true {
  action();
  return true;
}
