export type Sample = { name: string; labels: Record<string, string>; value: number };

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"/g;

/** Reads Prometheus's text format, and throws for a line that Prometheus would reject. */
export function parsePrometheus(text: string) {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, declared, type] = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line) ?? [];
    if (declared && type) {
      if (types.has(declared)) throw new Error(`declared twice: ${line}`);
      types.set(declared, type);
    } else if (!/^# HELP \S+ /.test(line)) {
      samples.push(sampleOf(line, types));
    }
  }
  return { types, samples };
}

function sampleOf(line: string, types: ReadonlyMap<string, string>): Sample {
  const [, name, labels = '', value] = sampleLine.exec(line) ?? [];
  if (!name || value === undefined) throw new Error(`not a sample: ${line}`);
  if (!types.has(name) && types.get(name.replace(/_(bucket|sum|count)$/, '')) !== 'histogram') {
    throw new Error(`a sample without a type: ${line}`);
  }
  const number = value === '+Inf' ? Infinity : value === 'Nan' ? Number.NaN : Number(value);
  if (Number.isNaN(number) && value !== 'Nan') throw new Error(`not a number: ${line}`);
  const pairs = [...labels.matchAll(label)].map(([, key = '', text = '']) => [key, text]);
  return { name, labels: Object.fromEntries(pairs), value: number };
}
