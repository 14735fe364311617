import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  aSession,
  sqsAnswer,
  sqsError,
  startWireServer,
  stsError,
  type WireServer,
} from '../aws/wire-server.ts';
import { orders } from '../support/server-stage.ts';
import { running, serversOfEachTest } from '../support/servers-of-each-test.ts';

const { stage, open, ask, cards } = serversOfEachTest();
const within = { timeout: 15_000 };

let wire: WireServer;
let folder: string;
beforeAll(async () => {
  wire = await startWireServer();
  folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-said-'));
});
afterAll(async () => {
  await wire.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  wire.seen = [];
  wire.sts = () => aSession();
  wire.sqs = () => sqsAnswer({ Results: [running] });
});

const endpoints = () => ({ AWS_ENDPOINT_URL_SQS: wire.url, AWS_ENDPOINT_URL_STS: wire.url });
/** Nothing of the stage's keys, and nothing of this machine's. */
const withoutKeys = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

/** Ann's private answer, and the log line of the error ID in it. */
async function answered(changes: Record<string, string> = {}) {
  const server = await open({ ...endpoints(), ...changes });
  const result = () => stage().slack.privateWords('UANN');
  const before = result().length;
  await ask();
  await expect.poll(() => result().length, within).toBe(before + 1);
  const text = result().at(-1)?.text ?? '';
  const errorId = /E-[2-9A-HJ-NP-Z]{6}\b/.exec(text)?.[0] ?? 'none';
  const line = () => server.lines().find((one) => one['errorId'] === errorId);
  await expect.poll(line, within).toBeDefined();
  return { server, text, aws: line()?.['aws'], said: server.said };
}

const user = 'User: arn:aws:sts::111122223333:assumed-role/dlq-tasks-status/dlq-tasks';
const onQueue = `is not authorized to perform: sqs:listmessagemovetasks on resource: ${orders.arn}`;
const denied = (why: string) =>
  sqsError(403, 'com.amazon.coral.service#AccessDeniedException', 'AccessDenied', why);

describe('what AWS says about a refusal is in the answer and in the log line of its error ID', () => {
  test.each([
    [
      'with',
      'an explicit deny in a service control policy',
      /Remove the deny for `sqs:ListMessageMoveTasks` from/,
    ],
    ['because', 'no VPC endpoint policy allows the sqs:ListMessageMoveTasks action', /of the VPC endpoint/],
  ])('%s %s', async (joined, reason, remedy) => {
    const message = `${user} ${onQueue} ${joined} ${reason}`;
    wire.sqs = () => denied(`${message} (ASIAIOSFODNN7EXAMPLE)`);
    const { text, aws, said } = await answered();
    expect(text).toContain(reason);
    expect(text).toMatch(remedy);
    expect(aws).toEqual([
      {
        service: 'SQS',
        action: 'sqs:ListMessageMoveTasks',
        role: orders.role.arn,
        region: 'eu-west-1',
        code: 'AccessDenied',
        said: `${message} ([hidden])`,
        reason: `${reason} ([hidden])`,
        requestId: 'request-1',
      },
    ]);
    expect(said()).not.toContain('IOSFODNN7');
  });

  test('STS refuses an action other than AssumeRole', async () => {
    const action = 'sts:TagSession';
    const bot = 'arn:aws:sts::999900001111:assumed-role/dlq-tasks-bot/eks-dlq-tasks-1';
    wire.sts = () =>
      stsError(
        403,
        'AccessDenied',
        `User: ${bot} is not authorized to perform: ${action} on resource: ${orders.role.arn}`,
      );
    const { text, aws } = await answered();
    expect(text).toContain(`it isn't allowed to use \`${action}\` on it`);
    expect(text).toMatch(new RegExp(`Allow \`${action}\` to .* in the trust policy of`));
    expect(aws).toMatchObject([{ service: 'STS', action, role: orders.role.arn, region: 'eu-west-1' }]);
  });

  test('STS rejects the request: the answer is about the role, not the queue', async () => {
    wire.sts = () => stsError(400, 'ValidationError', '1 validation error detected at roleArn');
    const { text } = await answered();
    expect(text).toContain('1 validation error detected');
    expect(text).toContain(`the role \`${orders.role.arn}\``);
    expect(text).not.toMatch(/dead-letter queue/);
  });

  test("a proxy's page counts as its status", async () => {
    const page = {
      status: 503,
      headers: { 'content-type': 'text/html' },
      body: '<html><h1>Busy</h1></html>',
    };
    wire.sqs = () => page;
    const { text, aws } = await answered();
    expect(text).toMatch(/failed with `HTTP 503`/);
    expect(aws).toMatchObject([
      { code: 'HTTP 503', said: "The response is text/html, not in AWS's format.", requestId: 'request-1' },
    ]);
  });
});

describe('the bot’s own credentials', () => {
  const keys = (id: string) =>
    `[default]\naws_access_key_id = ${id}\naws_secret_access_key = secret-of-${id}\n`;

  test('that have expired are read again once the file is rewritten, without a restart', async () => {
    const file = join(folder, 'credentials');
    await writeFile(file, keys('AKIA000000000000OLD1'));
    wire.sts = ({ accessKeyId }) =>
      accessKeyId.endsWith('NEW1')
        ? aSession()
        : stsError(403, 'ExpiredToken', 'The security token included in the request is expired');
    const { text, aws } = await answered({ ...withoutKeys, AWS_SHARED_CREDENTIALS_FILE: file });
    expect(text).toMatch(/The bot's own credentials have expired/);
    expect(aws).toMatchObject([{ service: 'STS', code: 'ExpiredToken', role: orders.role.arn }]);
    await writeFile(file, keys('AKIA000000000000NEW1'));
    await ask();
    await expect.poll(cards, within).toHaveLength(1);
    expect(stage().slack.privateWords('UANN')).toHaveLength(1);
  });

  const profiles: [string, string, RegExp][] = [
    [
      'an SSO session that has ended',
      'sso_start_url = https://corp.example.com/start\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = x',
      /aws sso login/,
    ],
    [
      'a credential_process that fails',
      'credential_process = sh -c "echo vault is sealed >&2; exit 3" --password hunter2',
      /credential_process failed: vault is sealed/,
    ],
  ];
  test.each(profiles)("%s: the SDK's message", async (_what, profile, words) => {
    const file = join(folder, 'config');
    await writeFile(file, `[profile corp]\n${profile}\n`);
    const { text, aws, said } = await answered({
      ...withoutKeys,
      AWS_PROFILE: 'corp',
      AWS_CONFIG_FILE: file,
    });
    expect(text).toMatch(words);
    expect(aws).toEqual([expect.objectContaining({ service: 'STS', said: expect.stringMatching(words) })]);
    expect(said()).not.toContain('hunter2');
  });
});
