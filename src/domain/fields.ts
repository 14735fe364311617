/** What a value holds under its names, whatever it turns out to be; nothing when it holds no names. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
