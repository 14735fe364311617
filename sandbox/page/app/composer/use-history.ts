import { useRef } from 'react';

/** What was sent from this composer, newest last; arrows move through it as in a shell. */
export function useHistory() {
  const sent = useRef<string[]>([]);
  const at = useRef(0);
  return {
    add(text: string) {
      if (sent.current.at(-1) !== text) sent.current.push(text);
      at.current = sent.current.length;
    },
    /** Only from an unchanged line, so that nothing typed is lost. */
    isWalking(text: string) {
      return text === '' || text === sent.current[at.current];
    },
    walk(step: 1 | -1): string | undefined {
      const next = at.current + step;
      if (next < 0 || next > sent.current.length) return undefined;
      at.current = next;
      return sent.current[next] ?? '';
    },
  };
}
