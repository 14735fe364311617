import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { appToken } from '../sandbox/slack/test-workspace.ts';
import { serversOfEachTest } from '../support/servers-of-each-test.ts';

const { stage, spawn } = serversOfEachTest();

describe("a server that can't start says why, all at once, and exits", () => {
  test('all faults of environment and settings, before it contacts anyone', async () => {
    await writeFile(
      stage().config,
      'accounts:\n  prod:\n    id: "1111"\nqueues:\n  help: arn:aws:sqs:eu-west-1:111122223333:orders-dlq\nwatch: { minPollSeconds: 0 }\n',
    );
    const server = spawn({
      SLACK_BOT_TOKEN: 'wrong',
      PORT: 'http',
      LOG_LEVEL: 'loud',
      SLACK_SIGNING_SECRET: '',
    });
    expect(await server.exit()).toEqual({ code: 1, signal: null });
    const said = server.stderr().replaceAll(stage().config, 'dlq-tasks.yml').trimEnd().split('\n');
    expect(
      said.map(
        (line) =>
          /^(?:environment [A-Z_]+|dlq-tasks\.yml:\d+ \S+(?=:)|dlq-tasks cannot start)/.exec(line)?.[0],
      ),
    ).toEqual([
      'dlq-tasks cannot start',
      'environment SLACK_BOT_TOKEN',
      'environment PORT',
      'environment LOG_LEVEL',
      'environment SLACK_SIGNING_SECRET',
      'dlq-tasks.yml:2 accounts.prod.roleArn',
      'dlq-tasks.yml:3 accounts.prod.id',
      'dlq-tasks.yml:5 queues.help',
      'dlq-tasks.yml:6 watch.minPollSeconds',
    ]);
    expect([stage().slack.calls, stage().aws.requests, server.stdout()]).toEqual([[], [], '']);
  });

  const lineOf = async (changes: Record<string, string>) => {
    const server = spawn(changes);
    const { code } = await server.exit();
    return { code, said: server.stderr() };
  };

  test('a wrong bot token', async () => {
    expect(await lineOf({ SLACK_BOT_TOKEN: 'xoxb-wrong' })).toEqual({
      code: 1,
      said: "dlq-tasks: Slack rejected SLACK_BOT_TOKEN (invalid_auth). Copy the token again from the app's settings.\n",
    });
  });

  test('a bot token without a scope', async () => {
    stage().slack.faults.add({ kind: 'error', error: 'missing_scope', method: 'auth.test' });
    expect((await lineOf({})).said).toBe(
      'dlq-tasks: Slack rejected SLACK_BOT_TOKEN (missing_scope). Reinstall the app with the scopes in manifest.yml.\n',
    );
  });

  test('a token of an org-wide installation', async () => {
    const orgWide = { ok: true, team_id: 'E1', enterprise_id: 'E1', is_enterprise_install: true };
    stage().slack.faults.add({ kind: 'page', method: 'auth.test', body: JSON.stringify(orgWide) });
    const { code, said } = await lineOf({});
    expect([code, said.split('\n').length - 1]).toEqual([1, 1]);
    expect(said).toMatch(/^dlq-tasks: .*Enterprise Grid.* one workspace .*SLACK_BOT_TOKEN/);
  });

  test('the data folder is a file', async () => {
    const { code, said } = await lineOf({ DLQ_TASKS_DATA: `${stage().config}/data` });
    expect([code, said.split('\n').length - 1]).toEqual([1, 1]);
    expect(said).toMatch(
      /^dlq-tasks: can't use the data folder: \S+ is a file, not a folder\. .*DLQ_TASKS_DATA/,
    );
  });

  test('the file in the data folder is damaged', async () => {
    const folder = `${stage().config}.data`;
    await mkdir(folder);
    await writeFile(`${folder}/watches.sqlite`, 'not a database, and long enough for a header '.repeat(20));
    const { code, said } = await lineOf({ DLQ_TASKS_DATA: folder });
    expect([code, said.replaceAll(folder, '/data')]).toEqual([
      1,
      "dlq-tasks: can't use the data folder: /data/watches.sqlite is damaged (file is not a database). Restore it from a backup. If you have none, move it and all files beside it that begin with its name somewhere else: the bot then starts without what was in it.\n",
    ]);
  });

  test('the port is in use', async () => {
    const { server: other, port } = await listening();
    expect(await lineOf({ PORT: String(port) })).toEqual({
      code: 1,
      said: `dlq-tasks: port ${port} is already in use. Set PORT to a free port.\n`,
    });
    expect(await lineOf({ DLQ_TASKS_METRICS_PORT: String(port) })).toEqual({
      code: 1,
      said: `dlq-tasks: port ${port} is already in use. Set DLQ_TASKS_METRICS_PORT to a free port.\n`,
    });
    other.close();
  });

  test('the address is not one of this machine', async () => {
    expect(await lineOf({ DLQ_TASKS_HOST: '192.0.2.1' })).toEqual({
      code: 1,
      said: 'dlq-tasks: this machine has no address 192.0.2.1 (EADDRNOTAVAIL). Set DLQ_TASKS_HOST to an address of this machine, or remove it.\n',
    });
  });

  test.each([
    [
      'a wrong app token',
      { SLACK_APP_TOKEN: 'xapp-wrong' },
      undefined,
      'Slack rejected SLACK_APP_TOKEN (invalid_auth). ',
    ],
    [
      'an app token without its scope',
      {},
      'missing_scope',
      'Slack refused Socket Mode (missing_scope). Check',
    ],
    [
      'a token of another kind',
      {},
      'not_allowed_token_type',
      'Slack refused Socket Mode (not_allowed_token_type). Check',
    ],
  ])('%s in Socket Mode', async (_what, changes, error, words) => {
    if (error) stage().slack.faults.add({ kind: 'error', method: 'apps.connections.open', error });
    const { code, said } = await lineOf({ SLACK_APP_TOKEN: appToken, ...changes });
    expect([code, said.split('\n').length - 1]).toEqual([1, 1]);
    expect(said).toContain(`dlq-tasks: ${words}`);
  });
});

async function listening() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
