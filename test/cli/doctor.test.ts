import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startLoopbackServer } from '../../sandbox/aws/loopback-server.ts';
import { freePort } from '../support/free-port.ts';
import { typed } from './a-terminal.ts';
import { arnOf, type DoctorWorld, type GivenAccount, startDoctorWorld, stubAws } from './doctor-world.ts';

const prod: GivenAccount = {
  label: 'prod',
  id: '111122223333',
  externalId: 'our-word',
  queues: ['orders-dlq', 'payments-dlq'],
};
const billing: GivenAccount = { label: 'billing', id: '444455556666', queues: ['invoices-dlq'] };

let world: DoctorWorld;
afterEach(() => world.stop());

describe('where everything works', () => {
  test('the doctor finds no problems', async () => {
    world = await startDoctorWorld([prod, billing]);
    const { out, err, code } = await typed(['doctor'], { env: world.env });
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const shown = out
      .replaceAll(world.folder, '…')
      .replaceAll(world.slack.url, 'https://sandbox.slack.example');
    expect(shown).toMatchInlineSnapshot(`
      "Settings
        ✓ …/dlq-tasks.yml  3 queues, 2 roles

      Environment
        ✓ variables  all required variables are set

      Slack
        ✓ SLACK_BOT_TOKEN       accepted by Slack: dlq-tasks in https://sandbox.slack.example/
        ✓ scopes                the token has all required scopes
        ✓ SLACK_SIGNING_SECRET  is set; only a request from Slack can show that it belongs to this app
        – app                   Only an app configuration token can read its events, shortcuts, and tabs.
            → For this run, set SLACK_APP_CONFIG_TOKEN to one from api.slack.com/apps, or compare its App Manifest with dlq-tasks manifest.

      AWS
        ✓ identity                  the bot is arn:aws:iam::999900001111:user/dlq-tasks
        ✓ role for prod             arn:aws:iam::111122223333:role/dlq-tasks-status can be assumed
        ✓ role for billing          arn:aws:iam::444455556666:role/dlq-tasks-status can be assumed
        ✓ source queues in prod     cards can show how many messages are in them
        ✓ source queues in billing  cards can show how many messages are in them
        ✓ unlisted DLQs in prod     none in eu-west-1
        ✓ unlisted DLQs in billing  none in eu-west-1

      Queues
        ✓ orders-dlq (prod · eu-west-1)       redrives and message counts are readable; it is the DLQ of 1 queue
        ✓ payments-dlq (prod · eu-west-1)     redrives and message counts are readable; it is the DLQ of 1 queue
        ✓ invoices-dlq (billing · eu-west-1)  redrives and message counts are readable; it is the DLQ of 1 queue

      Clock
        ✓ clock  agrees with Slack and AWS

      Data folder
        ✓ …/data  writable and not in use

      No problems found. 1 not checked.
      "
    `);
  });

  test('nothing it does changes anything', async () => {
    world = await startDoctorWorld([prod, billing]);
    await world.writeSettings({ ...world.settings, access: { channels: ['CGENERAL'] } });
    const before = await Promise.all(
      (await readdir(world.folder)).map((name) => stat(join(world.folder, name))),
    );
    const env = { ...world.env, SLACK_APP_TOKEN: 'xapp-sandbox' };
    await world.examined({ env });
    const after = await Promise.all(
      (await readdir(world.folder)).map((name) => stat(join(world.folder, name))),
    );
    expect(after.map(({ mtimeMs, size }) => [mtimeMs, size])).toEqual(
      before.map(({ mtimeMs, size }) => [mtimeMs, size]),
    );
    expect(new Set(world.slack.calls.map(({ method }) => method))).toEqual(
      new Set(['auth.test', 'apps.connections.open', 'conversations.history']),
    );
    expect(world.slack.connectionCount()).toBe(0);
    expect(new Set(world.aws.requests.map(({ action }) => action))).toEqual(
      new Set([
        'GetCallerIdentity',
        'AssumeRole',
        'ListMessageMoveTasks',
        'GetQueueAttributes',
        'ListDeadLetterSourceQueues',
        'ListQueues',
      ]),
    );
  });

  test('60 queues in 12 accounts take one AssumeRole per role', async () => {
    const accounts = Array.from({ length: 12 }, (_, account) => ({
      label: `account-${account}`,
      id: String(100_000_000_000 + account),
      queues: Array.from({ length: 5 }, (_queue, n) => `queue-${account}-${n}-dlq`),
    }));
    world = await startDoctorWorld(accounts);
    const { out, code } = await typed(['doctor'], { env: world.env });
    expect(code, out).toBe(0);
    expect(out).toContain('✓ 60 queues: redrives and message counts are readable');
    expect(world.aws.requests.filter(({ action }) => action === 'AssumeRole').length).toBe(12);
  });
});

/** Only the tests about the app's settings give the doctor a token for them. */
const isOfThisTest = ({ subject, finding }: { subject: string; finding: string }) =>
  subject !== 'app' || !finding.includes('app configuration token');

/** Everything that is not right, by its subject. */
async function complaints(given: Parameters<DoctorWorld['examined']>[0] = {}) {
  const { checks, ...report } = await world.examined(given);
  const wrong = checks.filter(({ verdict }) => verdict !== 'ok');
  return {
    code: report.code,
    said: wrong.filter(isOfThisTest).map(({ verdict, subject, finding, remedy }) =>
      `${verdict === 'fault' ? '✗' : '–'} ${subject}: ${finding} → ${remedy}`
        .replaceAll(world.folder, '…')
        .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://localhost')
        .replaceAll(/127\.0\.0\.1:\d+/g, 'localhost'),
    ),
  };
}

test("a role that can't count the source queue is not a fault: cards just say less", async () => {
  world = await startDoctorWorld([{ ...prod, denied: ['sqs:GetQueueAttributes on orders'] }, billing]);
  expect(await complaints()).toEqual({
    code: 0,
    said: [
      "– source queues in prod: Cards won't say how many messages are in arn:aws:sqs:eu-west-1:111122223333:orders: arn:aws:iam::111122223333:role/dlq-tasks-status isn't allowed to use sqs:GetQueueAttributes on it. Reason given by AWS: no identity-based policy allows the sqs:getqueueattributes action. → If you want cards to show it, allow it in the role's policy. dlq-tasks policy prod prints what to add.",
    ],
  });
});

test('thirteen faults at once: each is named, with its remedy', async () => {
  const denying = (label: string, id: string, action: string): GivenAccount => ({
    label,
    id,
    denied: [action],
    queues: [`${label}-dlq`],
  });
  const accounts: GivenAccount[] = [
    prod,
    { ...billing, noRole: true },
    { label: 'wrong-word', id: '222222222222', externalId: 'ours', trusts: 'theirs', queues: ['audit-dlq'] },
    denying('no-list', '333333333333', 'sqs:ListMessageMoveTasks'),
    denying('no-count', '555555555555', 'sqs:GetQueueAttributes'),
    { label: 'busy', id: '666666666666', queues: ['busy-dlq'] },
  ];
  world = await startDoctorWorld(accounts);
  const { settings, slack, aws, env, folder } = world;
  await aws.caretaker.call(arnOf(prod, 'plain-queue'), 'CreateQueue');
  await world.writeSettings({
    ...settings,
    queues: { ...settings.queues, plain: arnOf(prod, 'plain-queue'), gone: arnOf(prod, 'gone-dlq') },
    access: { userGroups: ['SONCALL'] },
  });
  slack.faults.add({ kind: 'missing-scope', scope: 'channels:history' });
  slack.faults.add({ kind: 'missing-scope', scope: 'usergroups:read' });
  slack.faults.add({ kind: 'error', error: 'missing_scope', method: 'apps.connections.open' });
  aws.faults.add({ kind: 'error', service: 'SQS', role: 'arn:aws:iam::666666666666:role/dlq-tasks-status' });
  await writeFile(join(folder, 'a-file'), '');

  const found = await complaints({
    env: {
      ...env,
      SLACK_APP_TOKEN: 'xapp-sandbox',
      PORT: '99999',
      DLQ_TASKS_DATA: join(folder, 'a-file', 'data'),
    },
    clock: () => Date.now() - 10 * 60_000,
  });
  expect(found.code).toBe(1);
  expect(found.said).toMatchInlineSnapshot(`
    [
      "✗ PORT: must be a number from 0 to 65535 → Correct it where the process's environment is set.",
      "✗ scope channels:history: The token doesn't have it. It is needed to check in a public channel whether a notification was already posted. → Add it under OAuth & Permissions in the app's settings, then reinstall the app.",
      "✗ scope usergroups:read: The token doesn't have it. It is needed to know who is in the user groups that may use the bot. → Add it under OAuth & Permissions in the app's settings, then reinstall the app.",
      "✗ SLACK_APP_TOKEN: It doesn't have the scope connections:write. → Generate an app-level token with the scope connections:write under Basic Information in the app's settings.",
      "✗ role for billing: The bot couldn't assume the role arn:aws:iam::444455556666:role/dlq-tasks-status in billing (account 444455556666). → Check that the role exists, that its trust policy names arn:aws:iam::999900001111:user/dlq-tasks, without an external ID (the settings have none), and that the bot is allowed to use sts:AssumeRole on it. dlq-tasks policy billing prints the policies.",
      "✗ role for wrong-word: The bot couldn't assume the role arn:aws:iam::222222222222:role/dlq-tasks-status in wrong-word (account 222222222222). → Check that the role exists, that its trust policy names arn:aws:iam::999900001111:user/dlq-tasks, with the external ID from the settings, and that the bot is allowed to use sts:AssumeRole on it. dlq-tasks policy wrong-word prints the policies.",
      "✗ no-list-dlq (no-list · eu-west-1): The role arn:aws:iam::333333333333:role/dlq-tasks-status isn't allowed to use sqs:ListMessageMoveTasks on no-list-dlq in no-list (account 333333333333). Reason given by AWS: no identity-based policy allows the sqs:listmessagemovetasks action. → Allow sqs:ListMessageMoveTasks on arn:aws:sqs:eu-west-1:333333333333:no-list-dlq in the policy of the role arn:aws:iam::333333333333:role/dlq-tasks-status.",
      "✗ no-count-dlq (no-count · eu-west-1): The role arn:aws:iam::555555555555:role/dlq-tasks-status isn't allowed to use sqs:GetQueueAttributes on no-count-dlq in no-count (account 555555555555). Reason given by AWS: no identity-based policy allows the sqs:getqueueattributes action. → Allow sqs:GetQueueAttributes on arn:aws:sqs:eu-west-1:555555555555:no-count-dlq in the policy of the role arn:aws:iam::555555555555:role/dlq-tasks-status.",
      "✗ busy-dlq (busy · eu-west-1): SQS in eu-west-1 failed with InternalFailure. → The problem is at AWS, not on your side. Try again in a minute, or check the AWS Health Dashboard.",
      "✗ plain (prod · eu-west-1): No queue uses it as its dead-letter queue, and SQS redrives only from dead-letter queues. → Set arn:aws:sqs:eu-west-1:111122223333:plain-queue as the deadLetterTargetArn in its source queue's redrive policy, or correct the entry plain in the settings.",
      "✗ gone (prod · eu-west-1): There is no queue gone-dlq in prod (account 111122223333), eu-west-1. → If it was deleted or renamed, correct the entry gone in the settings.",
      "– 1 queue in billing: Not checked: the role can't be assumed. → Fix the role for billing first.",
      "– 1 queue in wrong-word: Not checked: the role can't be assumed. → Fix the role for wrong-word first.",
      "✗ clock: It is 10 min behind the clock of Slack. → Synchronize this machine's clock with NTP. If it is off by more than 5 minutes, requests from Slack and to AWS fail.",
      "✗ …/a-file/data: …/a-file is a file, not a folder. → Move it somewhere else, or set DLQ_TASKS_DATA to a folder that the bot's user can write to.",
    ]
  `);
});

describe('one fault that hides others', () => {
  test.each<[string, (env: Record<string, string>) => unknown]>([
    ['settings with a fault', () => world.writeSettings({ ...world.settings, watch: { minPolSeconds: 1 } })],
    ['no bot token', (env) => Reflect.deleteProperty(env, 'SLACK_BOT_TOKEN')],
    ['no signing secret', (env) => Reflect.deleteProperty(env, 'SLACK_SIGNING_SECRET')],
    ['a revoked token', () => world.slack.faults.add({ kind: 'error', error: 'token_revoked' })],
    ['a token of another app', (env) => Object.assign(env, { SLACK_BOT_TOKEN: 'xoxb-another' })],
    ['Slack out of reach', async (env) => Object.assign(env, { SLACK_API_URL: `${await nobodyAt()}/api/` })],
    ['Slack too busy', () => world.slack.faults.add({ kind: 'rate-limited', retryAfterSeconds: 7 })],
    ['AWS out of reach', async () => stubAws({ sqs: await nobodyAt(), sts: await nobodyAt() })],
    ['SQS out of reach', async () => stubAws({ sqs: await nobodyAt(), sts: world.aws.stsUrl })],
    ['no credentials of its own', () => withoutKeys()],
  ])('%s', async (_name, switchOn) => {
    world = await startDoctorWorld([billing]);
    const env = { ...world.env };
    await switchOn(env);
    expect(await complaints({ env })).toMatchSnapshot();
  });
});

/** An address where a server used to listen. */
async function nobodyAt(): Promise<string> {
  const { url, stop } = await startLoopbackServer(async () => {}, 0);
  await stop();
  return url;
}

function withoutKeys(): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
}

describe('on Enterprise Grid', () => {
  const team = { id: 'T1', enterpriseId: 'E1' };
  const faults = async () =>
    (await world.examined()).checks
      .filter(isOfThisTest)
      .flatMap(({ subject, verdict }) => (verdict === 'ok' ? [] : [subject]));

  test('users:read is needed, and elsewhere it is not', async () => {
    world = await startDoctorWorld([prod], { team });
    expect(await faults()).toEqual([]);
    world.slack.faults.add({ kind: 'missing-scope', scope: 'users:read' });
    expect(await faults()).toEqual(['scope users:read']);
    await world.stop();
    world = await startDoctorWorld([prod]);
    world.slack.faults.add({ kind: 'missing-scope', scope: 'users:read' });
    expect(await faults()).toEqual([]);
  });

  test('the bot does not support org-wide installation', async () => {
    world = await startDoctorWorld([prod], { team: { ...team, isOrgWide: true } });
    expect(await complaints()).toMatchObject({
      code: 1,
      said: [expect.stringMatching(/^✗ SLACK_BOT_TOKEN: .*Enterprise Grid.* → Install it in that workspace/)],
    });
  });
});

describe('whether a queue is a DLQ', () => {
  const mute: GivenAccount = { ...prod, denied: ['sqs:ListDeadLetterSourceQueues'] };

  test("can't be checked if the role may not list its sources, reported once per role", async () => {
    world = await startDoctorWorld([mute]);
    const { code, said } = await complaints();
    expect({ code, said }).toEqual({
      code: 0,
      said: [
        "– DLQs in prod: Couldn't check whether 2 queues, including orders-dlq, are dead-letter queues: arn:aws:iam::111122223333:role/dlq-tasks-status isn't allowed to use sqs:ListDeadLetterSourceQueues. → Allow it in the role's policy. Cards need it, too, to show how many messages are in the source queue.",
      ],
    });
  });

  test('is proven by a redrive that it has had', async () => {
    world = await startDoctorWorld([mute]);
    for (const name of mute.queues) world.aws.script(arnOf(mute, name), [[{ Status: 'COMPLETED' }]]);
    expect(await complaints()).toEqual({ code: 0, said: [] });
  });
});

describe('whether cards will say who started a redrive', () => {
  /** The first queue of each account is followed. */
  async function startFollowing(...accounts: GivenAccount[]) {
    world = await startDoctorWorld(accounts);
    const { settings } = world;
    const followed = accounts.map((account) => {
      const [name = ''] = account.queues;
      return [name, { arn: arnOf(account, name), notify: 'CGENERAL' }];
    });
    await world.writeSettings({
      ...settings,
      queues: { ...settings.queues, ...Object.fromEntries(followed) },
    });
  }
  const aboutCloudTrail = async () =>
    (await world.examined()).checks.filter(({ subject }) => subject.startsWith('CloudTrail'));

  test('is checked once per role and region, and only where a queue is followed', async () => {
    await startFollowing(prod);
    expect(await aboutCloudTrail()).toMatchObject([
      { subject: 'CloudTrail in prod (eu-west-1)', verdict: 'ok', finding: 'can say who started a redrive' },
    ]);
    await world.writeSettings(world.settings);
    expect(await aboutCloudTrail()).toEqual([]);
    expect(world.aws.requests.filter(({ service }) => service === 'CloudTrail')).toHaveLength(1);
  });

  test("can't be checked, but is not a fault, if the role may not ask or CloudTrail does not answer", async () => {
    await startFollowing({ ...prod, denied: ['cloudtrail:LookupEvents'] }, billing);
    const role = 'arn:aws:iam::444455556666:role/dlq-tasks-status';
    world.aws.faults.add({ kind: 'error', service: 'CloudTrail', role });
    expect(await complaints()).toEqual({
      code: 0,
      said: [
        "– CloudTrail in prod (eu-west-1): Cards won't say who started a redrive: arn:aws:iam::111122223333:role/dlq-tasks-status isn't allowed to use cloudtrail:LookupEvents. → If you want cards to show it, allow it in the role's policy. It isn't needed on Lambda.",
        "– CloudTrail in billing (eu-west-1): Couldn't ask who started a redrive (InternalFailureException, We encountered an internal error. Please try again). → Run this again. If this keeps happening, check the network path to CloudTrail in eu-west-1.",
      ],
    });
  });
});

describe('in Socket Mode', () => {
  const socketCheck = async () => {
    const { checks } = await world.examined({ env: { ...world.env, SLACK_APP_TOKEN: 'xapp-sandbox' } });
    return checks.find(({ subject }) => subject === 'Socket Mode');
  };
  beforeEach(async () => {
    world = await startDoctorWorld([prod]);
  });

  test('asks Slack for a socket, but not for one that receives requests', async () => {
    const { host } = new URL(world.slack.url);
    expect(await socketCheck()).toMatchObject({ verdict: 'ok', finding: `${host} is reachable` });
    expect(world.slack.connectionCount()).toBe(0);
  });

  test('nothing answers where sockets are opened', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    world.slack.setSocketUrl(`http://${host}`);
    expect(await socketCheck()).toMatchObject({
      verdict: 'fault',
      finding: `Couldn't reach ${host} (ECONNREFUSED).`,
    });
  });
});

describe('what the app lacks', () => {
  const configToken = 'xoxe.xoxp-sandbox';
  const good = async () => JSON.parse((await typed(['manifest', '--socket', '--json'])).out);
  const withToken = () => ({
    ...world.env,
    SLACK_APP_CONFIG_TOKEN: configToken,
    SLACK_APP_ID: 'A0SANDBOX',
  });
  const started = async (manifest: Record<string, unknown>, scopes?: string[]) => {
    world = await startDoctorWorld([billing], { configToken, manifest, ...(scopes && { scopes }) });
  };

  test('an event, a scope, the shortcut and the Messages tab: each is named with its page', async () => {
    const manifest = await good();
    manifest.settings.event_subscriptions.bot_events = ['app_home_opened'];
    manifest.oauth_config.scopes.bot = manifest.oauth_config.scopes.bot.filter(
      (scope: string) => scope !== 'im:write',
    );
    manifest.features.shortcuts = [];
    manifest.features.app_home.messages_tab_enabled = false;
    await started(manifest);
    const { code, said } = await complaints({ env: withToken() });
    expect(code).toBe(1);
    expect(said.map((line) => line.replace(/ It is needed .*? → /, ' … '))).toEqual(
      [
        ['scope im:write', 'OAuth & Permissions'],
        ['event app_mention', 'Event Subscriptions'],
        ['shortcut check_dlq_tasks', 'Interactivity & Shortcuts'],
        ['Messages tab', 'App Home'],
      ].map(
        ([what, where]) =>
          `✗ ${what}: The app doesn't have it. … Add it under ${where} in the app's settings, or paste the output of dlq-tasks manifest under App Manifest.`,
      ),
    );
  });

  test('reports a scope once if the token lacks it, too', async () => {
    const manifest = await good();
    manifest.oauth_config.scopes.bot = [];
    await started(manifest);
    world.slack.faults.add({ kind: 'missing-scope', scope: 'im:write' });
    const { said } = await complaints({ env: withToken() });
    expect(said.filter((line) => line.startsWith('✗ scope im:write'))).toHaveLength(1);
  });

  test('is nothing if it matches manifest.yml', async () => {
    await started(await good());
    expect(await complaints({ env: withToken() })).toEqual({ code: 0, said: [] });
  });

  test('finds out from Slack which app it is, if users:read is granted', async () => {
    const scopes = ['commands', 'chat:write', 'channels:history', 'groups:history', 'im:history', 'im:write'];
    await started(await good(), [...scopes, 'app_mentions:read', 'users:read']);
    const { SLACK_APP_ID: _, ...env } = withToken();
    expect((await complaints({ env })).said).toEqual([]);
    world.slack.faults.add({ kind: 'missing-scope', scope: 'users:read' });
    expect((await complaints({ env })).said).toEqual([
      expect.stringMatching(/^– app: Slack didn't say which app .* Set SLACK_APP_ID/),
    ]);
  });

  test('is not shown with an expired token', async () => {
    await started(await good());
    const { code, said } = await complaints({ env: { ...withToken(), SLACK_APP_CONFIG_TOKEN: 'xoxe.old' } });
    expect({ code, said }).toEqual({
      code: 0,
      said: [expect.stringMatching(/^– app: Couldn't read its settings from Slack \(invalid_auth\)\./)],
    });
  });
});

test('names channels that the bot is not in, and what the settings use them for', async () => {
  world = await startDoctorWorld([billing]);
  const invoices = { arn: arnOf(billing, 'invoices-dlq'), notify: 'CRANDOM' };
  await world.writeSettings({
    ...world.settings,
    queues: { 'invoices-dlq': invoices },
    access: { channels: ['CGENERAL', 'COPS', 'CSECRET', 'CRANDOM'] },
  });
  const { checks } = await world.examined();
  expect(checks.find(({ subject }) => subject === 'channels')?.finding).toBe(
    'the bot is in 2 channels from the settings',
  );
  expect((await complaints()).said).toEqual([
    "✗ channel CRANDOM: The bot is not in it (notify of invoices-dlq) and can't post cards there. → Type /invite @dlq-tasks there.",
    "✗ channel CSECRET: The bot can't find it (access.channels): the id is wrong, or the channel is private and the bot is not in it. → Type /invite @dlq-tasks there, or correct the settings.",
  ]);
});

describe('DLQs that are not listed', () => {
  const unlisted = async () =>
    (await world.examined()).checks.filter(({ subject }) => subject.startsWith('unlisted DLQs'));

  test('are counted for each account that may be asked, and are not a fault', async () => {
    world = await startDoctorWorld([prod, { ...billing, denied: ['sqs:ListQueues'] }]);
    expect(await unlisted()).toEqual([
      expect.objectContaining({
        subject: 'unlisted DLQs in prod',
        verdict: 'ok',
        finding: 'none in eu-west-1',
      }),
    ]);
    for (const name of ['a-dlq', 'b-dlq']) await world.aws.caretaker.addQueue({ arn: arnOf(prod, name) });
    expect(await unlisted()).toEqual([
      expect.objectContaining({ finding: '2 DLQs in eu-west-1; dlq-tasks discover prod shows them' }),
    ]);
  });
});

test('reports a region that is not enabled in one line, without blaming the keys', async () => {
  world = await startDoctorWorld([{ ...prod, queues: ['orders-dlq'] }]);
  const elsewhere = ['a', 'b'].map((name) => [name, `arn:aws:sqs:me-south-1:${prod.id}:${name}-dlq`]);
  await world.writeSettings({
    ...world.settings,
    queues: { ...world.settings.queues, ...Object.fromEntries(elsewhere) },
  });
  world.aws.faults.add({
    kind: 'error',
    service: 'SQS',
    region: 'me-south-1',
    code: 'InvalidClientTokenId',
    status: 403,
  });
  const { said } = await complaints();
  expect(said.filter((line) => line.startsWith('✗'))).toEqual([
    `✗ 2 queues in prod · me-south-1: The region me-south-1 isn't enabled in account ${prod.id}: SQS there doesn't recognize the role's session (InvalidClientTokenId). → Enable the region for the account, or correct the ARNs in the settings.`,
  ]);
});

test.each(['sts:TagSession', 'sts:SetSourceIdentity'])(
  "names what the role refuses to take over from the bot's own session: %s",
  async (action) => {
    world = await startDoctorWorld([billing]);
    world.aws.faults.add({ kind: 'deny', service: 'STS', action: 'AssumeRole', of: action });
    const { said } = await complaints();
    expect(said[0]).toBe(
      `✗ role for billing: The bot couldn't assume the role arn:aws:iam::${billing.id}:role/dlq-tasks-status in billing (account ${billing.id}): it isn't allowed to use ${action} on it. → Allow ${action} to arn:aws:iam::999900001111:user/dlq-tasks in the trust policy of arn:aws:iam::${billing.id}:role/dlq-tasks-status, and on that role in the bot's own policy. dlq-tasks policy billing prints the policies.`,
    );
  },
);
