import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { aQueue } from '../support/builders.ts';
import { moveTasksOfEachTest } from './over-the-wire.ts';
import { aSession, sqsAnswer, startWireServer, stsError, type WireServer } from './wire-server.ts';

let wire: WireServer;
let folder: string;
let refusing: ReturnType<typeof createServer>;
beforeAll(async () => {
  wire = await startWireServer();
  folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-credentials-'));
  refusing = createServer((_request, response) => response.writeHead(404).end('{}'));
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  refusing.close();
  await Promise.all([wire.stop(), rm(folder, { recursive: true })]);
});
const startMoveTasks = moveTasksOfEachTest(() => ({ sqs: wire.url, sts: wire.url }));
const queue = aQueue();
const urlOf = (path: string) => `http://127.0.0.1:${(refusing.address() as AddressInfo).port}${path}`;

async function profile(lines: string): Promise<Record<string, string>> {
  const file = join(folder, 'config');
  await writeFile(file, `[profile corp]\n${lines}\n`);
  return { AWS_PROFILE: 'corp', AWS_CONFIG_FILE: file };
}

async function said(variables: Record<string, string>): Promise<string> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const outcome = await startMoveTasks().list(queue, 1);
  if (outcome.ok || outcome.awsError.kind !== 'credentials-missing') throw new Error(JSON.stringify(outcome));
  return outcome.awsError.detail;
}

describe('without credentials the bot says what each of the SDK’s sources said', () => {
  test('a profile that does not exist', async () => {
    expect(await said({ AWS_PROFILE: 'nobody' })).toMatch(
      /^Could not load credentials from any providers\. .*profile: \[nobody\].* could not be found/,
    );
  });

  test('an SSO session that has ended', async () => {
    const sso =
      'sso_start_url = https://corp.example.com/start\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = x';
    expect(await said(await profile(sso))).toMatch(/To refresh this SSO session run aws sso login/);
  });

  test('a credential_process that fails, without its command line', async () => {
    const detail = await said(
      await profile('credential_process = sh -c "echo sealed >&2; exit 3" --password hunter2'),
    );
    expect(detail).toMatch(/credential_process failed: sealed\./);
    expect(detail).not.toContain('hunter2');
  });

  test('a credential_process that answers with something else', async () => {
    expect(await said(await profile('credential_process = echo hi'))).toMatch(/returned invalid JSON/);
  });

  test('a role that another profile should give keys for', async () => {
    const lines = 'role_arn = arn:aws:iam::111122223333:role/bot\nsource_profile = nobody';
    expect(await said(await profile(lines))).toMatch(/profile: \[nobody\]/);
  });

  test("an agent that refuses, such as EKS Pod Identity's", async () => {
    expect(await said({ AWS_CONTAINER_CREDENTIALS_FULL_URI: urlOf('/v1/credentials') })).toMatch(
      /Server responded with status: 404/,
    );
  });

  test('an instance metadata service that refuses, or is not there', async () => {
    const asked = (endpoint: string) =>
      said({ AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint });
    expect(await asked(urlOf(''))).toMatch(/instance metadata service \(HTTP 404\)/);
    expect(await asked('http://127.0.0.1:1')).toMatch(/Unable to connect .* \(ECONNREFUSED\)/);
  });

  test('a token file that is not there, and a token that has expired', async () => {
    const role = { AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/bot', AWS_REGION: 'eu-west-1' };
    expect(await said({ ...role, AWS_WEB_IDENTITY_TOKEN_FILE: '/no/token' })).toMatch(/open '\/no\/token'/);
    const token = join(folder, 'token');
    await writeFile(token, 'a.b.c');
    // That request is not signed, so nobody knows who it is from.
    wire.sqs = () => stsError(400, 'ExpiredTokenException', 'Token expired: must be before the expiration');
    expect(await said({ ...role, AWS_WEB_IDENTITY_TOKEN_FILE: token })).toMatch(/^Token expired/);
  });
});

describe('keys that AWS no longer accepts', () => {
  const keys = (id: string) => `[default]\naws_access_key_id = ${id}\naws_secret_access_key = secret\n`;
  const expired = stsError(403, 'ExpiredToken', 'The security token included in the request is expired');
  const asked = () => wire.seen.filter(({ service }) => service === 'STS').map((one) => one.accessKeyId);

  test('are read again, once for everyone who waits, and used again only if they have changed', async () => {
    const file = join(folder, 'credentials');
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
    await writeFile(file, keys('AKIAOLD'));
    wire.seen = [];
    wire.sqs = () => sqsAnswer({});
    wire.sts = ({ accessKeyId }) => (accessKeyId === 'AKIANEW' ? aSession() : expired);
    const moveTasks = startMoveTasks();
    expect(await moveTasks.list(queue, 1)).toMatchObject({ awsError: { kind: 'session-expired' } });
    expect(asked()).toEqual(['AKIAOLD']);
    await writeFile(file, keys('AKIANEW'));
    const queues = ['111122223333', '444455556666', '777788889999'].map((accountId) => aQueue({ accountId }));
    const outcomes = await Promise.all(queues.map((one) => moveTasks.list(one, 1)));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(asked().filter((id) => id === 'AKIANEW')).toHaveLength(3);
  });
});
