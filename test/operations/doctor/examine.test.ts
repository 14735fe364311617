import { expect, test } from 'vitest';
import { inPlainWords } from '../../../src/domain/wording.ts';
import { examine, type Patient } from '../../../src/operations/doctor/examine.ts';
import type { Dated, SlackProbe } from '../../../src/operations/doctor/ports.ts';
import { aQueue, closedDirectory } from '../../support/builders.ts';

const socket = { host: 'wss-primary.slack.com', status: 200 };
const inTime = <T>(found: T, aheadMs?: number): Dated<T> => ({
  found,
  ...(aheadMs !== undefined && { aheadMs }),
});
const slack = (aheadMs?: number): SlackProbe => ({
  apiUrl: 'https://slack.com/api/',
  app: async () => ({ kind: 'seen', missing: [] }),
  memberships: async () => [],
  botToken: async () =>
    inTime(
      { ok: true, botName: 'dlq-tasks', workspaceUrl: 'https://acme.slack.com/', missingScopes: [] },
      aheadMs,
    ),
});

/** Everything works, over HTTP, with one queue. */
function aPatient(given: Partial<Patient> = {}): Patient {
  return {
    settingsPath: 'dlq-tasks.yml',
    settings: { ok: true, queues: [aQueue()] },
    environmentFaults: [],
    proxy: { https: undefined, exceptions: undefined, isUsed: false },
    channels: new Map(),
    region: 'eu-west-1',
    dataFolder: './data',
    mode: 'http',
    slack: slack(100),
    aws: {
      identity: async () => inTime({ ok: true, value: { arn: 'arn:aws:iam::999900001111:user/bot' } }, 100),
      assume: async () => ({ ok: true, value: {} }),
      assumeInSomebodysName: async () => ({ ok: true, value: {} }),
      list: async () => ({ ok: true, value: [] }),
      depth: async () => ({ ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } }),
      sources: async () => ({ ok: true, value: ['arn:one', 'arn:two'] }),
      startCalls: async () => ({ ok: true, value: [] }),
      directory: closedDirectory,
    },
    folder: async () => ({ kind: 'ready' }),
    ...given,
  };
}

/** One line per check: area, subject and verdict, and the finding if requested. */
async function examined(given: Partial<Patient> = {}, findingOf?: string) {
  const checks = await examine(aPatient(given));
  return findingOf === undefined
    ? checks.map(({ area, subject, verdict }) => `${area}: ${subject}: ${verdict}`)
    : checks.filter(({ subject }) => subject === findingOf).map(({ finding }) => inPlainWords(finding));
}

test('reports everything from the settings to the data folder as fine', async () => {
  expect(await examined()).toEqual([
    'Settings: dlq-tasks.yml: ok',
    'Environment: variables: ok',
    'Slack: SLACK_BOT_TOKEN: ok',
    'Slack: scopes: ok',
    'Slack: SLACK_SIGNING_SECRET: ok',
    'Slack: app: ok',
    'AWS: identity: ok',
    'AWS: role for prod: ok',
    'Queues: orders-dlq (prod · eu-west-1): ok',
    'Clock: clock: ok',
    'Data folder: ./data: ok',
  ]);
});

test('checks an app token and no signing secret in Socket Mode', async () => {
  const patient = aPatient({
    mode: 'socket',
    slack: { ...slack(), appToken: async () => ({ ok: true, socket }) },
  });
  expect((await examined(patient)).filter((line) => line.startsWith('Slack'))).toEqual([
    'Slack: SLACK_BOT_TOKEN: ok',
    'Slack: scopes: ok',
    'Slack: SLACK_APP_TOKEN: ok',
    'Slack: Socket Mode: ok',
    'Slack: app: ok',
  ]);
});

test('reports faults one by one, and what they prevent from being checked as not proven', async () => {
  const settings = { ok: false as const, faults: [{ subject: 'line 3', message: 'is no ARN' }] };
  const environmentFaults = [{ subject: 'SLACK_BOT_TOKEN', message: 'is not set' }];
  const { slack: _, ...patient } = aPatient({ settings, environmentFaults, mode: undefined });
  const checks = await examine({
    ...patient,
    aws: { ...patient.aws, identity: async () => inTime({ ok: true, value: { arn: 'arn' } }) },
  });
  expect(checks.map(({ area, subject, verdict }) => `${area}: ${subject}: ${verdict}`)).toEqual([
    'Settings: line 3: fault',
    'Environment: SLACK_BOT_TOKEN: fault',
    'Slack: tokens: not-proven',
    'AWS: identity: ok',
    'Queues: roles and queues: not-proven',
    'Clock: clock: not-proven',
    'Data folder: ./data: ok',
  ]);
});

test('checks a signing secret even without a token', async () => {
  const { slack: _, ...patient } = aPatient();
  expect(
    (await examine(patient)).filter(({ area }) => area === 'Slack').map(({ subject }) => subject),
  ).toEqual(['tokens', 'SLACK_SIGNING_SECRET']);
});

test.each([
  ['1 queue, 1 role', [aQueue()]],
  ['2 queues, 1 role', [aQueue(), aQueue({ name: 'mails-dlq' })]],
  ['2 queues, 2 roles', [aQueue(), aQueue({ accountId: '444455556666' })]],
])('counts the settings: %s', async (size, queues) => {
  expect(await examined({ settings: { ok: true, queues } }, 'dlq-tasks.yml')).toEqual([size]);
});

test.each([
  ['both are asked', slack(100), 100, 'agrees with Slack and AWS'],
  ['Slack does not tell', slack(), 100, 'agrees with AWS'],
  ['AWS does not tell', slack(100), undefined, 'agrees with Slack'],
  ['Slack is 2 minutes ahead', slack(120_000), 100, 'It is 2 min behind the clock of Slack.'],
  ['AWS is 2 minutes ahead', slack(0), 120_000, 'It is 2 min behind the clock of AWS.'],
])('compares the clock with Slack and AWS: %s', async (_when, given, aheadMs, finding) => {
  const { aws } = aPatient();
  const identity = async () => inTime({ ok: true as const, value: { arn: 'arn' } }, aheadMs);
  expect(await examined({ slack: given, aws: { ...aws, identity } }, 'clock')).toEqual([finding]);
});

test('names a scope once, whether the app or the token lacks it, and asks about the channels', async () => {
  const asked: (readonly string[])[] = [];
  const lacking: SlackProbe = {
    ...slack(),
    botToken: async () =>
      inTime({
        ...{ ok: true, botName: 'dlq-tasks', workspaceUrl: 'https://acme.slack.com/' },
        missingScopes: [{ scope: 'chat:write', why: 'to answer' }],
      }),
    app: async () => ({
      kind: 'seen',
      missing: ['scope chat:write', 'scope commands'].map((what) => ({
        what,
        why: 'to answer',
        where: 'OAuth',
      })),
    }),
    memberships: async (channels) => {
      asked.push(channels);
      return channels.map((channel) => ({ channel, answer: 'not-in' }));
    },
  };
  const channels = new Map([['COPS', 'notify of orders-dlq']]);
  const lines = await examined({ slack: lacking, channels });
  expect(lines.filter((line) => line.startsWith('Slack'))).toEqual([
    'Slack: SLACK_BOT_TOKEN: ok',
    'Slack: scope chat:write: fault',
    'Slack: SLACK_SIGNING_SECRET: ok',
    'Slack: scope commands: fault',
    'Slack: channel COPS: fault',
  ]);
  expect(asked).toEqual([['COPS']]);
});

test('asks nothing about an app whose token Slack rejects', async () => {
  const rejected: SlackProbe = {
    ...slack(),
    botToken: async () => inTime({ ok: false, trouble: { kind: 'refused', code: 'invalid_auth' } }),
    app: () => Promise.reject(new Error('nobody was to ask for that')),
  };
  expect((await examined({ slack: rejected })).filter((line) => line.startsWith('Slack'))).toEqual([
    'Slack: SLACK_BOT_TOKEN: fault',
    'Slack: SLACK_SIGNING_SECRET: ok',
  ]);
});
