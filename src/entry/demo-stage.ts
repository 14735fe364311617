import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoAccounts, demoQueues, demoRedriveRoles, quietQueues } from '../../sandbox/aws/demo-queues.ts';
import { demoRedrives } from '../../sandbox/aws/demo-redrives.ts';
import type { LocalAws } from '../../sandbox/aws/local-aws.ts';
import { seedDemo, startDemoAws } from '../../sandbox/aws/seeds.ts';
import { buildPage } from '../../sandbox/page/build-page.ts';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { checkShortcut, commandName, commandTable } from '../slack/commands.ts';
import { createBotProcess } from './bot-process.ts';

export type StageOptions = {
  /** Slack over Socket Mode instead of signed HTTP. */
  socket: boolean;
  /** Port of the page; 0: any free one. */
  port: number;
  /** How long a request waits for its approval; 3 by default, so that people can see it expire. */
  expireAfterMinutes?: number;
};

const secrets = {
  botToken: 'xoxb-sandbox-token',
  appToken: 'xapp-sandbox-token',
  signingSecret: 'sandbox-signing-secret',
};

/** The sandbox (Slack, its page, SQS, STS, CloudTrail) and the real bot in its own process, as in production. */
export async function startStage({ socket, port, expireAfterMinutes = 3 }: StageOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-demo-'));
  const [aws, pageFiles] = await Promise.all([
    seededAws(),
    buildPage(),
    writeSettings(folder, expireAfterMinutes),
  ]);
  const bot = createBotProcess();
  const slack = await openSlack(port, {
    ...workspace,
    ...secrets,
    pageFiles,
    externalFaults: [...aws.pageFaults, ...(await demoRedrives(aws)), bot.pageSwitch],
  });
  const botPort = await bot.start({
    ...slackVariables(slack, socket),
    DLQ_TASKS_CONFIG: join(folder, 'dlq-tasks.yml'),
    DLQ_TASKS_DATA: join(folder, 'data'),
    AWS_ENDPOINT_URL_SQS: aws.sqsUrl,
    AWS_ENDPOINT_URL_STS: aws.stsUrl,
    AWS_ENDPOINT_URL_CLOUDTRAIL: aws.cloudTrailUrl,
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: 'eu-west-1',
  });
  if (!socket) slack.setRequestUrl(`http://127.0.0.1:${botPort}/slack/events`);
  return {
    url: slack.url,
    slack,
    aws,
    async stop() {
      await bot.stop();
      await Promise.all([slack.stop(), aws.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function seededAws(): Promise<LocalAws> {
  const aws = await startDemoAws({ cloudTrailDelayMs: 10_000 });
  await seedDemo(aws);
  return aws;
}

function slackVariables(slack: LocalSlack, socket: boolean): Record<string, string> {
  return {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: secrets.botToken,
    ...(socket ? { SLACK_APP_TOKEN: secrets.appToken } : { SLACK_SIGNING_SECRET: secrets.signingSecret }),
  };
}

/** The given port if it is free, or else any other. */
async function openSlack(port: number, options: LocalSlackOptions): Promise<LocalSlack> {
  return startLocalSlack({ ...options, port }).catch(() => startLocalSlack({ ...options, port: 0 }));
}

/** The demo polls after seconds, not minutes. */
async function writeSettings(folder: string, expireAfterMinutes: number): Promise<void> {
  const queues = Object.fromEntries(
    [...demoQueues, ...quietQueues].map(({ alias, ...queue }) => [alias, queue]),
  );
  const watch = {
    ...{ minPollSeconds: 2, maxPollSeconds: 15, followEverySeconds: 5 },
    bounceBackAfterSeconds: [15, 30, 60, 120],
  };
  await mkdir(join(folder, 'data'));
  const { prod, billing } = demoRedriveRoles;
  const accounts = {
    ...demoAccounts,
    prod: { ...demoAccounts.prod, redriveRoleArn: prod.arn },
    billing: { ...demoAccounts.billing, redriveRoleArn: billing.arn },
  };
  await writeFile(
    join(folder, 'dlq-tasks.yml'),
    JSON.stringify({ accounts, queues, watch, redrive: { ...redrive, expireAfterMinutes } }),
  );
}

const groups = { requesters: 'S0ONCALL', approvers: 'S0LEADS' };

/** Slow enough to watch and to cancel halfway. */
const redrive = {
  requesters: { userGroups: [groups.requesters] },
  approvers: { userGroups: [groups.approvers] },
  messagesPerSecond: { default: 2, max: 50 },
};

function channel(
  id: string,
  name: string,
  topic: string,
  changes: { isPrivate?: boolean; botIsMember?: boolean } = {},
) {
  return { id, name, topic, isPrivate: false, isArchived: false, botIsMember: true, ...changes };
}

const workspace = {
  team: { id: 'T0SANDBOX' },
  bot: { userId: 'U0DLQTASKS', botId: 'B0DLQTASKS', name: 'dlq-tasks' },
  people: [
    { id: 'U0ADA', name: 'Ada', colour: '#1d6f6a', teamId: 'T0SANDBOX' },
    { id: 'U0GRACE', name: 'Grace', colour: '#8a4fbf', teamId: 'T0SANDBOX' },
  ],
  // Whoever asks, the other one approves.
  userGroups: { [groups.requesters]: ['U0ADA', 'U0GRACE'], [groups.approvers]: ['U0ADA', 'U0GRACE'] },
  groupNames: { [groups.requesters]: 'on-call', [groups.approvers]: 'leads' },
  channels: [
    channel('C0INCIDENTS', 'incidents', 'Active incidents'),
    channel('C0QUEUES', 'queues', 'Dead-letter queues and their redrives'),
    channel('C0ONCALL', 'on-call', 'On-call engineers only', { isPrivate: true }),
    channel('C0RANDOM', 'random', 'The bot has not been invited here', { botIsMember: false }),
  ],
  commands: [
    {
      command: commandName,
      description: 'Check the redrives of a dead-letter queue',
      usageHint: '<queue>',
    },
  ],
  suggestions: [
    { text: `${commandName} orders-dlq`, about: 'a running redrive: click Refresh, then Watch' },
    { text: commandName, about: 'all queues, running and failed ones first' },
    { text: `${commandName} webhooks-dlq`, about: 'why a redrive failed and how to fix it' },
    {
      text: `${commandName} redrive reports-dlq`,
      about: 'give a reason, then switch to Grace (bottom left) and approve it',
    },
    { text: `${commandName} shipments-dlq 5`, about: "a queue's last redrives" },
    { text: '@dlq-tasks payments-dlq', about: "the card in a thread, where slash commands don't work" },
  ],
  shortcuts: [{ callbackId: checkShortcut.callbackId, name: checkShortcut.name }],
  completions: [
    ...demoQueues.map(({ alias }) => alias),
    ...commandTable.map(({ usage }) => usage.replace(/ ?<.*/, '')).filter((word) => word !== ''),
  ],
};

const patienceMs = 30_000;

/** What the page shows at first: an alarm, and the card of a running redrive. */
export async function playOpening(slack: Pick<LocalSlack, 'perform' | 'until'>): Promise<void> {
  const says = (text: string) =>
    slack.perform({ do: 'send', person: 'U0GRACE', channel: 'C0INCIDENTS', text });
  await says('ALARM: "payments-dlq-not-empty" in EU (Ireland). Can someone look into it?');
  await says('/dlq-tasks watch orders-dlq');
  await slack.until(
    ({ messages, bot }) =>
      messages.find(({ channel, author }) => channel === 'C0INCIDENTS' && author === bot.userId),
    patienceMs,
  );
}
