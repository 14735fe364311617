import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { startLocalAws } from '../../sandbox/aws/local-aws.ts';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import { appToken, botToken, signingSecret, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { pathOfAPerson } from '../support/path-of-a-person.ts';
import { orders } from '../support/server-stage.ts';
import { blocksOf, pages, project } from './pages.ts';

const blocks = pages.flatMap((page) => blocksOf(page, 'sh'));
const needs = ['needs AWS', 'needs Docker', 'needs a cluster'];

/**
 * Commands that need the network, or that take minutes and run elsewhere in CI, are only checked for
 * existence.
 */
const npm = `#!/bin/sh
case "$*" in
  ci|"ci "*) ;;
  test|"run check"|"run test:long"|"run bench"|"run screenshots"|"run package")
    for script; do :; done
    grep -q "\\"$script\\":" package.json ;;
  *) PATH="$PATH_OF_NPM" exec npm "$@" ;;
esac
`;
/** npx itself is used only where it matters; here it would cost a second each time. */
const npx = `#!/bin/sh
tool="$1"
shift
case "$tool" in
  vitest) for word; do case "$word" in test/*) test -e "$word" || exit 1 ;; esac; done ;;
  *) exec node_modules/.bin/node "bin/$tool.js" "$@" ;;
esac
`;

/** Replacements for the values that a person fills in. */
const placeholders: readonly (readonly [string, string])[] = [
  ["'xoxb-…'", botToken],
  ["'xapp-…'", appToken],
  ["'…'", signingSecret],
];

const isUp = /"msg":"ready"|^ *Open +http|http:\/\/(?:localhost|127\.0\.0\.1):\d+\//m;

describe('the commands in the documents', () => {
  let folder: string;
  let slack: LocalSlack;
  let aws: Awaited<ReturnType<typeof startLocalAws>>;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-docs-'));
    slack = await startTestSlack({ appToken });
    aws = await startLocalAws({ roles: [{ ...orders.role }], ownKeysMayUseSqs: true });
    await aws.caretaker.addQueue({ arn: orders.arn });
    await mkdir(join(folder, 'bin'));
    for (const [name, script] of Object.entries({ npm, npx })) {
      await writeFile(join(folder, 'bin', name), script);
      await chmod(join(folder, 'bin', name), 0o755);
    }
  });
  afterAll(async () => {
    for (const { pid, exitCode, signalCode } of children)
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
    await Promise.all([slack.stop(), aws.stop()]);
    await rm(folder, { recursive: true });
  });

  async function environment(name: string): Promise<Record<string, string>> {
    const own = join(folder, name);
    await mkdir(own);
    const config = join(own, 'dlq-tasks.yml');
    const accounts = { prod: { id: orders.accountId, roleArn: orders.role.arn } };
    await writeFile(config, stringify({ accounts, queues: { 'orders-dlq': orders.arn } }));
    const person = pathOfAPerson();
    return {
      PATH: [join(folder, 'bin'), dirname(process.execPath), person].join(delimiter),
      PATH_OF_NPM: [dirname(process.execPath), person].join(delimiter),
      HOME: own,
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: botToken,
      SLACK_APP_TOKEN: appToken,
      DLQ_TASKS_CONFIG: config,
      DLQ_TASKS_DATA: join(own, 'data'),
      AWS_ENDPOINT_URL_SQS: aws.sqsUrl,
      AWS_ENDPOINT_URL_STS: aws.stsUrl,
      AWS_ENDPOINT_URL_CLOUDTRAIL: aws.cloudTrailUrl,
      AWS_ACCESS_KEY_ID: 'AKIADOCS',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-west-1',
      PORT: '0',
    };
  }

  /** Runs it to its end, or until a server is ready. */
  async function outcome(text: string, env: Record<string, string>) {
    const script = placeholders.reduce((all, [from, to]) => all.replaceAll(from, `'${to}'`), text);
    const child = spawn('bash', ['-euc', script], {
      cwd: project,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    children.push(child);
    let said = '';
    let up = false;
    const hear = (piece: string) => {
      said += piece;
      if (up || !isUp.test(said) || /manifest/.test(text)) return;
      up = true;
      // Output may arrive after the end, when there is nothing left to kill.
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM');
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    const [code] = await once(child, 'close');
    return { isRight: up || code === 0, said };
  }

  const run = blocks.filter(({ mark }) => mark === undefined);
  test.concurrent.each(run.map((block, i) => ({ ...block, i })))(
    '$page: $text',
    { timeout: 60_000 },
    async ({ text, i }) => {
      const result = await outcome(text, await environment(String(i)));
      expect(result).toEqual({ isRight: true, said: expect.any(String) });
    },
  );
});

test('commands that are not run say what they need, or name the test that runs them', () => {
  const marks = blocks.flatMap(({ mark }) => mark ?? []);
  expect(marks.length).toBeLessThan(blocks.length);
  const wrong = marks.filter((mark) => {
    const [, path] = /^run by (test\/\S+)$/.exec(mark) ?? [];
    return path === undefined ? !needs.includes(mark) : !existsSync(join(project, path));
  });
  expect(wrong).toEqual([]);
});

test('only commands that need AWS, Docker, or a cluster are marked so', () => {
  const outside: Record<string, RegExp> = {
    'needs AWS': /^(?:aws|npm run deploy)\b/m,
    'needs Docker': /^docker\b/m,
    'needs a cluster': /^kubectl\b/m,
  };
  const marked = blocks.filter(({ mark }) => mark !== undefined && needs.includes(mark));
  expect(marked.filter(({ mark = '', text }) => !outside[mark]?.test(text))).toEqual([]);
});
