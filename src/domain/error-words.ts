/**
 * The messages of an error and all its causes, each once: Node's AggregateError has no message of its own, and `fetch`
 * hides the reason in its cause. `connect ECONNREFUSED ::1:80; connect ECONNREFUSED 127.0.0.1:80`.
 */
export function errorInWords(error: unknown): string {
  return [...new Set(sayings(error, 0))].join('; ');
}

/** Deeper causes may be circular. */
const deepest = 5;

function sayings(error: unknown, depth: number): string[] {
  if (typeof error !== 'object' || error === null || depth > deepest) return [];
  const { message, errors, cause } = error as { message?: unknown; errors?: unknown; cause?: unknown };
  const own = typeof message === 'string' && message !== '' ? [message] : [];
  const parts = Array.isArray(errors) ? errors.slice(0, 10) : [];
  return [...own, ...[...parts, cause].flatMap((part) => sayings(part, depth + 1))];
}
