import { execFileSync, spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Why no container can be run here; undefined: it can. */
export function whyNoContainers(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'only root may change the user and mount folders';
  try {
    execFileSync('unshare', [...namespaces, 'mount', '--bind', '/usr', '/usr'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'this system lets nobody mount folders';
  }
}

const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];

/** A folder or file of this machine that is mounted in the container. */
type Mount = { from: string; to: string; isWritable?: boolean };

export type Container = {
  root: string;
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
  user?: string;
  cwd?: string;
  mounts?: readonly Mount[];
  /** If set, nothing else is writable. */
  volumes?: readonly string[];
};

/** $1 is the root; then the mounts, the volumes, and chroot's arguments, each list ended by `--`. */
const script = `
root=$1; shift
mount --bind "$root" "$root"
while [ "$1" != -- ]; do
  mount --bind "$2" "$root$3"
  mount -o "remount,bind,$1" "$root$3"
  shift 3
done; shift
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
if [ "$1" != -- ]; then read_only=yes; fi
while [ "$1" != -- ]; do mount --bind "$root$1" "$root$1"; shift; done; shift
if [ "\${read_only:-}" ]; then mount -o remount,bind,ro "$root"; fi
exec chroot "$@"
`;

/** Runs a command as process 1 in its own root, like a container, but with this machine's network. */
export function startContainer({ root, command, env = {}, user = '0:0', cwd = '/', ...rest }: Container) {
  const { mounts = [], volumes = [] } = rest;
  const variables = Object.entries({ PATH: '/usr/local/bin:/usr/bin:/bin', ...env });
  const all = [...baseMounts(root), ...mounts];
  return spawn(
    'unshare',
    [
      ...[...namespaces, 'sh', '-euc', script, 'sh', root],
      ...all.flatMap(({ from, to, isWritable }) => [isWritable ? 'rw' : 'ro', from, to]),
      ...['--', ...volumes, '--', `--userspec=${user}`, '--groups=', root],
      ...['env', '-i', `--chdir=${cwd}`, ...variables.map(([name, value]) => `${name}=${value}`)],
      ...command,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

/** Sends a signal to process 1 of a container. */
export async function signalFirst(pid: number | undefined, signal: NodeJS.Signals): Promise<void> {
  for (;;) {
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    if (first) {
      process.kill(Number(first), signal);
      return;
    }
    await pause(20);
  }
}

const links = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];
const ofThisMachine = ['/etc/ssl', '/etc/hosts', '/etc/resolv.conf'].filter(existsSync);

/** Stands in for the official image: this machine's system, this Node with npm, and the user `node`. */
export async function makeBaseImage(root: string): Promise<void> {
  for (const folder of ['usr', 'proc', 'dev', 'etc', 'etc/ssl', 'tmp', 'root']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  for (const name of links.filter((one) =>
    lstatSync(`/${one}`, { throwIfNoEntry: false })?.isSymbolicLink(),
  )) {
    await symlink(readlinkSync(`/${name}`), join(root, name));
  }
  for (const file of ['hosts', 'resolv.conf']) await writeFile(join(root, 'etc', file), '');
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  );
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
  const local = localOf(root);
  await mkdir(join(local, 'lib/node_modules/npm'), { recursive: true });
  await mkdir(join(local, 'bin'));
  await writeFile(join(local, 'bin/node'), '');
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
}

const localOf = (root: string) => `${root}.local`;

function baseMounts(root: string): Mount[] {
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  return [
    { from: '/usr', to: '/usr' },
    { from: localOf(root), to: '/usr/local' },
    { from: process.execPath, to: '/usr/local/bin/node' },
    { from: dirname(dirname(realpathSync(npm))), to: '/usr/local/lib/node_modules/npm' },
    ...ofThisMachine.map((path) => ({ from: path, to: path })),
  ];
}
