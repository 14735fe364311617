import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startLocalAws } from '../../sandbox/aws/local-aws.ts';
import type { LocalRole } from '../../sandbox/aws/local-sts.ts';
import { appToken, botToken, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { pathOfAPerson } from '../support/path-of-a-person.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const own = '999900001111';

/** Everything that a person types, from nothing to a card. */
const typed = [
  'git clone <this repository> dlq-tasks && cd dlq-tasks',
  'npm ci',
  'npx dlq-tasks manifest --socket --link',
  'npx dlq-tasks discover --write',
  'npx dlq-tasks doctor',
  'npm start',
] as const;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const { pid, exitCode, signalCode } of started.splice(0)) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }
});

test('from a clone to a card in Slack with six commands', { timeout: 90_000 }, async () => {
  const roles: LocalRole[] = [];
  const slack = await startTestSlack({ appToken });
  const aws = await startLocalAws({ roles, ownKeysMayUseSqs: true });
  await aws.caretaker.addQueue({ arn: `arn:aws:sqs:eu-west-1:${own}:orders-dlq` });
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-clone-'));
  const clone = join(folder, 'dlq-tasks');
  const env = {
    PATH: pathOfAPerson(),
    HOME: folder,
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    SLACK_API_URL: slack.apiUrl,
    AWS_ENDPOINT_URL_SQS: aws.sqsUrl,
    AWS_ENDPOINT_URL_STS: aws.stsUrl,
    AWS_ACCESS_KEY_ID: 'AKIASTORY',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'eu-west-1',
    PORT: '0',
  };
  const tokens = { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken };
  const begin = (command: string, more: Record<string, string> = {}) => {
    const [program = '', ...words] = command.split(' ');
    const child = spawn(program, words, {
      cwd: clone,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    started.push(child);
    return child;
  };
  const run = async (command: string, more?: Record<string, string>) => {
    const child = begin(command, more);
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    return { code, out, said: `${out}\n${err}` };
  };

  // The first two need the network. A copy and a link have the same effect.
  for (const name of ['bin', 'src', 'manifest.yml', 'package.json']) {
    await cp(join(project, name), join(clone, name), { recursive: true });
  }
  await symlink(join(project, 'node_modules'), join(clone, 'node_modules'));

  // The person opens the link, installs the app and sets its two tokens.
  const link = await run(typed[2]);
  const manifest = parse(new URL(link.out.trim()).searchParams.get('manifest_yaml') ?? '');
  expect([link.code, manifest.settings.socket_mode_enabled]).toEqual([0, true]);

  const discovered = await run(typed[3]);
  expect(discovered).toMatchObject({ code: 0, said: expect.stringContaining('dlq-tasks policy') });
  const { accounts } = parse(await readFile(join(clone, 'dlq-tasks.yml'), 'utf8'));
  // The role that was named is created in the account.
  roles.push({ arn: accounts[`account-${own}`].roleArn });

  expect(await run(typed[4], tokens)).toMatchObject({
    code: 0,
    said: expect.stringContaining('No problems found.'),
  });

  const bot = begin(typed[5], tokens);
  await expect.poll(() => slack.connectionCount(), { timeout: 30_000 }).toBe(1);
  await slack.as('UANN').types('CGENERAL', '/dlq-tasks orders-dlq');
  const card = await slack.until(
    () => slack.messages('CGENERAL').find(({ author }) => author === 'UBOT'),
    15_000,
  );
  expect(card.text).toContain('orders-dlq');

  process.kill(-(bot.pid ?? 0), 'SIGTERM');
  await once(bot, 'exit');
  await expect.poll(() => slack.connectionCount(), { timeout: 10_000 }).toBe(0);
  await Promise.all([slack.stop(), aws.stop()]);
  await rm(folder, { recursive: true, force: true });
});

test('those six are the commands in the README', async () => {
  const readme = await readFile(join(project, 'README.md'), 'utf8');
  expect(readme).toContain(`\n${typed.join('\n')}\n`);
});
