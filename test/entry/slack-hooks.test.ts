import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { typed } from '../cli/a-terminal.ts';
import { appToken, botToken } from '../sandbox/slack/test-workspace.ts';
import { pathOfAPerson } from '../support/path-of-a-person.ts';
import { orders, startServerStage } from '../support/server-stage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../.slack/${name}`, import.meta.url), 'utf8'));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const { pid, exitCode, signalCode } of children.splice(0)) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }
});

/** As the Slack CLI does: the words are split at spaces, and there is no shell. */
async function hook(name: string, env: Record<string, string>) {
  const { hooks } = await read('hooks.json');
  const [command = '', ...words] = String(hooks[name]).split(' ');
  const child = spawn(command, words, {
    cwd: root,
    env: { PATH: pathOfAPerson(), HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  children.push(child);
  return child;
}

describe("what Slack's CLI finds in a clone", () => {
  test('the manifest is JSON and nothing else', async () => {
    const child = await hook('get-manifest', { npm_config_offline: 'true' });
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(parse((await typed(['manifest', '--socket'])).out));
  });

  test("the bot says how it connects, and the clone's manifest is used", async () => {
    expect((await read('hooks.json')).config).toEqual({ 'sdk-managed-connection-enabled': true });
    expect((await read('config.json')).manifest).toEqual({ source: 'local' });
  });

  test("the bot starts in Socket Mode with the CLI's tokens, not with others that are set, and stops", async () => {
    await using stage = await startServerStage({ appToken });
    stage.aws.script(orders.arn, [[]]);
    const child = await hook('start', {
      ...stage.variables,
      SLACK_APP_TOKEN: 'xapp-another',
      SLACK_BOT_TOKEN: 'xoxb-another',
      SLACK_CLI_XAPP: appToken,
      SLACK_CLI_XOXB: botToken,
      npm_config_offline: 'true',
    });
    await expect.poll(() => stage.slack.connectionCount(), { timeout: 20_000 }).toBe(1);
    await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks orders-dlq');
    await stage.slack.until(() =>
      stage.slack.messages('CGENERAL').find((message) => message.author === 'UBOT'),
    );
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect.poll(() => stage.slack.connectionCount()).toBe(0);
  });
});
