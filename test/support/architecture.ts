import { posix } from 'node:path';
import { hasComputedImport, importsAtRunTime, importsOf } from './imports.ts';

/** `path` is relative to `src/`, with slashes. */
export type SourceFile = { path: string; text: string };

/** Who may import whom. Every room may import itself. */
const rooms: Record<string, readonly string[]> = {
  domain: [],
  operations: ['domain'],
  aws: ['operations', 'domain'],
  slack: ['operations', 'domain'],
  watching: ['operations', 'domain'],
  config: ['domain'],
  terminal: ['operations', 'domain'],
  metrics: ['operations', 'domain'],
  sandbox: [],
  entry: ['domain', 'operations', 'aws', 'slack', 'watching', 'config', 'terminal', 'metrics', 'sandbox'],
};

/** The one room where a module may be imported; a scope stands for all its packages. */
const homes: Record<string, string> = {
  '@slack/': 'slack',
  undici: 'slack',
  '@aws-sdk/': 'aws',
  '@smithy/': 'aws',
  '@aws/durable-execution-sdk-js': 'watching',
  'node:sqlite': 'watching',
  pino: 'entry',
  'pino-pretty': 'entry',
  'prom-client': 'metrics',
  'node:process': 'entry',
};

/** The one file that may import a package: everything else asks AWS over its SDK. */
const onlyIn: Record<string, string> = { aws4fetch: 'entry/lambda-front-aws.ts' };

/** What only a run on a developer's machine needs. */
const sandboxOnly = [
  'react',
  'react-dom',
  'slack-blocks-to-jsx',
  'local-aws-sqs',
  'ws',
  'esbuild',
  'node-emoji',
];

/** The package's own description, which holds the version. */
const packageFile = '../package.json';

/** Draws what may hold more of what draws it: a cycle by nature. */
const drawsItself = 'sandbox/page/app/blocks/container-block.tsx';

const longest = 250;
const environment = /(?<!['"`])\bprocess\s*(?:\??\.\s*env\b|\??\.?\s*\[)/;
const clockOrChance =
  /\bDate\.now\b|\bnew Date\b(?!\((?!\s*\)))|\bMath\.random\b|\bdayjs(?:\.utc)?\(\s*\)|\bperformance\.now\b|\brandomUUID\b/;

/** One sentence for each breach of the rules in ARCHITECTURE.md. */
export function breaches(files: readonly SourceFile[], dependencies: readonly string[]): string[] {
  const graph = graphOf(files);
  return [
    ...files.flatMap((file) => ownBreaches(file)),
    ...files.flatMap((file) =>
      importsOf(file.text).flatMap((name) => importBreaches(file, name, dependencies)),
    ),
    ...cycles(new Map([...graph, [drawsItself, []]])).map(
      (cycle) => `a cycle of imports: ${cycle.join(' → ')}`,
    ),
    ...sandboxInProduction(graph),
  ];
}

function ownBreaches({ path, text }: SourceFile): string[] {
  const room = roomOf(path);
  const lines = text.replace(/\n$/, '').split('\n').length;
  const checks: [isBroken: boolean, breach: string][] = [
    [!(room in rooms), `${path} is in no room`],
    [
      !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)+[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)+$/.test(path),
      `${path} is not kebab-case`,
    ],
    [lines > longest, `${path} has ${lines} lines; ${longest} are the most`],
    [hasComputedImport(text), `${path} imports something whose name is computed`],
    [room !== 'entry' && environment.test(text), `${path} reads the environment`],
    [room === 'domain' && clockOrChance.test(text), `${path} reads the clock or draws lots`],
  ];
  return checks.filter(([isBroken]) => isBroken).map(([, breach]) => breach);
}

function importBreaches({ path }: SourceFile, name: string, dependencies: readonly string[]): string[] {
  const room = roomOf(path);
  const target = resolved(path, name);
  if (target !== undefined) {
    const other = roomOf(target);
    const isVersion = room === 'entry' && target === packageFile;
    const mayImport = other === room || rooms[room]?.includes(other) || isVersion;
    return mayImport ? [] : [`${path} imports ${target}: ${room} may not import ${other}`];
  }
  if (name.startsWith('node:')) {
    return room === 'domain' ? [`${path} imports ${name}: domain stays free of Node`] : strayed(path, name);
  }
  const isForProduction = room === 'sandbox' || dependencies.includes(packageOf(name));
  return isForProduction
    ? strayed(path, name)
    : [`${path} imports ${name}, which is no production dependency`];
}

function strayed(path: string, name: string): string[] {
  const file = onlyIn[name];
  if (file !== undefined && file !== path) return [`${path} imports ${name}, which only ${file} may`];
  const isAt = (module: string) =>
    module.endsWith('/') ? name.startsWith(module) : packageOf(name) === module;
  const home = sandboxOnly.some(isAt)
    ? 'sandbox'
    : Object.entries(homes).find(([module]) => isAt(module))?.[1];
  return home === undefined || home === roomOf(path)
    ? []
    : [`${path} imports ${name}, which belongs to ${home}`];
}

/** `@slack/web-api/dist/x` is of `@slack/web-api`, `dayjs/plugin/utc.js` of `dayjs`. */
function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function resolved(path: string, name: string): string | undefined {
  return name.startsWith('.') ? posix.join(posix.dirname(path), name) : undefined;
}

type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf(files: readonly SourceFile[]): Graph {
  const known = new Set(files.map(({ path }) => path));
  return new Map(
    files.map(({ path, text }) => {
      const targets = importsAtRunTime(text).map((name) => resolved(path, name) ?? '');
      return [path, targets.filter((target) => known.has(target))];
    }),
  );
}

function cycles(graph: Graph): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const begin = trail.indexOf(path);
    if (begin >= 0) found.push([...trail.slice(begin), path]);
    if (begin >= 0 || done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** The sandbox is for the demo: whatever else starts must run without it. */
function sandboxInProduction(graph: Graph): string[] {
  return [...graph].flatMap(([path, targets]) => {
    const isProduction = roomOf(path) === 'entry' && !posix.basename(path).startsWith('demo');
    const strangers = targets.filter(
      (target) => roomOf(target) === 'sandbox' || posix.basename(target).startsWith('demo'),
    );
    return isProduction ? strangers.map((target) => `${path} imports ${target}, which is for the demo`) : [];
  });
}
