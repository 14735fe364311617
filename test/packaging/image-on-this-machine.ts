import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeBaseImage, startContainer } from './container-on-this-machine.ts';
import { type Step, stagesOf } from './dockerfile.ts';

const project = new URL('../../', import.meta.url);
const inContext = readFileSync(new URL('.dockerignore', project), 'utf8')
  .split('\n')
  .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));

/** A stage that is being built. */
type Building = { root: string; cwd: string; env: Record<string, string> };

/** The image that the Dockerfile's own steps create, as a folder. */
export async function buildImage() {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-image-'));
  const stages = stagesOf(new URL('Dockerfile', project));
  const roots = new Map<string, string>();
  let last: Building | undefined;
  for (const [index, { name, steps }] of stages.entries()) {
    const root = join(folder, `stage-${index}`);
    roots.set(name, root);
    await makeBaseImage(root);
    last = { root, cwd: '/', env: {} };
    for (const step of steps) await perform(step, last, roots);
  }
  const stage = stages.at(-1);
  if (!stage || !last) throw new Error('The Dockerfile has no stage.');
  return { ...stage, ...last, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
export type Image = Awaited<ReturnType<typeof buildImage>>;

async function perform(step: Step, stage: Building, roots: ReadonlyMap<string, string>): Promise<void> {
  if (step.kind === 'ENV') Object.assign(stage.env, step.variables);
  if (step.kind === 'WORKDIR') {
    stage.cwd = step.path;
    await mkdir(join(stage.root, step.path), { recursive: true });
  }
  if (step.kind === 'RUN') await runIn(stage, step.command);
  if (step.kind === 'COPY') {
    const source = step.from === undefined ? undefined : roots.get(step.from);
    const target = join(stage.root, posix.resolve(stage.cwd, step.target));
    for (const path of step.sources)
      await copyAsDocker(source ? join(source, path) : inProject(path), target);
  }
}

/** Copies the content of a folder, or a file into a folder. */
async function copyAsDocker(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const isFolder = (await stat(from)).isDirectory();
  await promisify(execFile)('cp', ['-a', isFolder ? `${from}/.` : from, to]);
}

function inProject(path: string): string {
  if (inContext.includes(path)) return fileURLToPath(new URL(path, project));
  throw new Error(`${path} is not among what .dockerignore lets through.`);
}

async function runIn({ root, cwd, env }: Building, command: string): Promise<void> {
  const npmrc = join(homedir(), '.npmrc');
  await cp(npmrc, join(root, 'root/.npmrc')).catch(() => undefined);
  await mkdir(join(root, 'root/.npm'), { recursive: true });
  const { stdout: cache } = await promisify(execFile)('npm', ['config', 'get', 'cache']);
  const certificates = process.env['NODE_EXTRA_CA_CERTS'];
  const child = startContainer({
    root,
    cwd,
    env: {
      HOME: '/root',
      npm_config_prefer_offline: 'true',
      ...(certificates !== undefined && { NODE_EXTRA_CA_CERTS: certificates }),
      ...env,
    },
    mounts: [{ from: cache.trim(), to: '/root/.npm', isWritable: true }],
    command: ['sh', '-c', command],
  });
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  if (code !== 0) throw new Error(`RUN ${command} ended with ${code}:\n${said}\n${complained}`);
}
