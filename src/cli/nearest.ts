import { distance } from 'fastest-levenshtein';

/** The name that was probably meant; nothing when none is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, away: howFar(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= Math.max(2, typed.length * 0.4) ? best.name : undefined;
}

function howFar(typed: string, name: string): number {
  return typed.length >= 2 && name.startsWith(typed) ? 1 : distance(typed, name);
}
