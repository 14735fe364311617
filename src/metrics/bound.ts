type Labels = Record<string, string>;

const valuesOfOneLabel = 60;

/** A label has at most this many values, whatever callers do; later ones are counted as `other`. */
export function createBound(atMost = valuesOfOneLabel) {
  const known = new Map<string, Set<string>>();
  return (what: string, labels: Labels): Labels =>
    Object.fromEntries(
      Object.entries(labels).map(([label, value]) => {
        const key = `${what} ${label}`;
        const values = known.get(key) ?? new Set();
        known.set(key, values);
        if (values.size < atMost) values.add(value);
        return [label, values.has(value) ? value : 'other'];
      }),
    );
}
