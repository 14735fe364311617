import {
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { type Fault, pathInWords } from './fault.ts';

type Path = readonly PropertyKey[];

/** YAML as plain values that still know where they were written. */
export type YamlSource = {
  value: unknown;
  /** Points to the value at the path, or to its parent when it is missing. */
  faultAt(path: Path, message: string): Fault;
  /** A scalar as typed, before YAML made a number of `0123`. */
  writtenAt(path: Path): string | undefined;
};

/** May return both faults and a source: after a duplicate key, the rest is still checked. */
export function readYaml(text: string): { faults: Fault[]; source?: YamlSource } {
  const lines = new LineCounter();
  try {
    const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, ...strictly });
    const broken = [...yaml.errors, ...yaml.warnings].map(({ pos, code, message }) => ({
      ...placeAt(pos[0], lines),
      path: '',
      message: `this is not valid YAML: ${inOurWords[code] ?? message.split('\n')[0]}`,
    }));
    if (broken.length > 0) return { faults: firstOnEachLine(broken) };
    return { faults: keyFaults(yaml.contents, [], lines), source: sourceOf(yaml, lines) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { faults: [{ path: '', message: `this can't be read as YAML: ${reason}` }] };
  }
}

/** Keys stay as typed, `012` too. `keyFaults` finds duplicate keys, because it knows their path. */
const strictly = { stringKeys: true, uniqueKeys: false, merge: true } as const;

/** Replaces messages of the parser that are meant for programmers. */
const inOurWords: Partial<Record<ErrorCode, string>> = {
  MULTIPLE_DOCS: 'a second document begins here; the file must contain only one',
  NON_STRING_KEY: 'a name must be text',
};

function sourceOf(yaml: Document.Parsed, lines: LineCounter): YamlSource {
  return {
    value: yaml.toJS({ maxAliasCount: 100 }),
    faultAt(path, message) {
      const { offset, depth } = walk(yaml, path);
      return { ...placeAt(offset, lines), path: pathInWords(path.slice(0, depth)), message };
    },
    writtenAt(path) {
      const { node, depth } = walk(yaml, path);
      return depth === path.length && isScalar(node) ? node.source : undefined;
    },
  };
}

/** Follows the path as far as it leads. `depth`: how many of its steps exist. */
function walk(yaml: Document.Parsed, path: Path): { node: unknown; offset: number; depth: number } {
  let node: unknown = yaml.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(yaml);
    if (isMap(node)) {
      const pair = pairOf(node, String(step), yaml);
      if (!pair) return { node: undefined, offset, depth: path.length };
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      return { node, offset, depth: node ? depth : path.length };
    }
  }
  return { node, offset, depth: path.length };
}

/** The last pair of that name, or else the first one that `<<` merges from other maps. */
function pairOf(map: YAMLMap, name: string, yaml: Document.Parsed): Pair | undefined {
  const own = map.items.findLast(({ key }) => nameOf(key) === name);
  if (own) return own;
  const resolved = (node: unknown) => (isAlias(node) ? node.resolve(yaml) : node);
  const merged = map.items.filter(({ key }) => nameOf(key) === '<<').map(({ value }) => resolved(value));
  const sources = merged.flatMap((value) => (isSeq(value) ? value.items.map(resolved) : [value]));
  for (const source of sources) {
    const pair = isMap(source) && source !== map ? pairOf(source, name, yaml) : undefined;
    if (pair) return pair;
  }
  return undefined;
}

/** Two faults that a schema can't see: YAML keeps the last of two equal keys, and zod drops `__proto__`. */
function keyFaults(node: unknown, path: Path, lines: LineCounter): Fault[] {
  if (isSeq(node)) return node.items.flatMap((item, i) => keyFaults(item, [...path, i], lines));
  if (!isMap(node)) return [];
  const seen = new Set<string>();
  return node.items.flatMap(({ key, value }) => {
    const name = nameOf(key);
    const here = [...path, name];
    const fault = (message: string) => [
      { ...placeAt(startOf(key) ?? 0, lines), path: pathInWords(here), message },
    ];
    const isSecond = seen.has(name);
    seen.add(name);
    return [
      ...(isSecond ? fault('is a duplicate; keep only one') : []),
      ...(name === '__proto__' ? fault("can't be used as a name") : []),
      ...keyFaults(value, here, lines),
    ];
  });
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

function placeAt(offset: number, lines: LineCounter): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** One mistake can make the parser complain several times. */
function firstOnEachLine(faults: (Fault & { line: number })[]): Fault[] {
  const seen = new Set<number>();
  return faults.filter(({ line }) => !seen.has(line) && seen.add(line));
}
