import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { unzip } from './unzip.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const needed = ['src', 'scripts', 'deploy', 'package.json', 'serverless.yml', 'tsconfig.json', 'LICENSE'];

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      DeletionPolicy: z.string().optional(),
      UpdateReplacePolicy: z.string().optional(),
      Condition: z.string().optional(),
      Properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Outputs: z.record(z.string(), z.unknown()),
});
export type Template = z.infer<typeof Template>;

/** The result of `npm run package` in a copy of the project, without AWS credentials or a home folder. */
export async function packageInAClone(settings?: string, params: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-package-'));
  const clone = join(folder, 'clone');
  for (const name of needed) await cp(join(project, name), join(clone, name), { recursive: true });
  await symlink(join(project, 'node_modules'), join(clone, 'node_modules'));
  if (settings !== undefined) await writeFile(join(clone, 'dlq-tasks.yml'), settings);
  const given = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  await promisify(execFile)('npm', ['run', 'package', '--', ...given], {
    cwd: clone,
    env: bareEnvironment(folder),
  });

  const made = join(clone, '.serverless');
  const templatePath = join(made, 'cloudformation-template-update-stack.json');
  const template = Template.parse(JSON.parse(await readFile(templatePath, 'utf8')));
  const archive = async (name: FunctionName) => unzip(await readFile(join(made, `${name}.zip`)));
  const archives = {
    front: await archive('front'),
    worker: await archive('worker'),
    watch: await archive('watch'),
    follow: await archive('follow'),
    action: template.Resources['ActionLambdaFunction'] ? await archive('action') : new Map<never, never>(),
  };
  return {
    templatePath,
    template,
    archives,
    /** Unpacks an archive as Lambda does, and returns the folder. */
    async unpacked(name: keyof typeof archives): Promise<string> {
      const root = join(folder, name);
      for (const [path, content] of archives[name]) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), content);
      }
      return root;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
/** Those of every deployment. */
export const functionNames = ['front', 'worker', 'watch', 'follow'] as const;
export type FunctionName = (typeof functionNames)[number] | 'action';
export type Packaged = Awaited<ReturnType<typeof packageInAClone>>;

function bareEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, npm_config_update_notifier: 'false' };
}
