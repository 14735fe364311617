import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoAccounts, demoQueues, demoRedriveRoles, quietQueues } from '../../sandbox/aws/demo-queues.ts';
import { demoRedrives } from '../../sandbox/aws/demo-redrives.ts';
import { seedDemo, startDemoAws } from '../../sandbox/aws/seeds.ts';
import { buildPage } from '../../sandbox/page/build-page.ts';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { checkShortcut, commandName, commandTable } from '../slack/commands.ts';

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
    startDemoAws({ cloudTrailDelayMs: 10_000 }),
    buildPage(),
    writeSettings(folder, expireAfterMinutes),
  ]);
  await seedDemo(aws);
  const bot = createBotProcess();
  const options = {
    ...workspace,
    ...secrets,
    pageFiles,
    externalFaults: [...aws.pageFaults, ...(await demoRedrives(aws)), bot.pageSwitch],
  };
  // The given port if it is free, or else any other.
  const slack = await startLocalSlack({ ...options, port }).catch(() =>
    startLocalSlack({ ...options, port: 0 }),
  );
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

function slackVariables(slack: LocalSlack, socket: boolean): Record<string, string> {
  return {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: secrets.botToken,
    ...(socket ? { SLACK_APP_TOKEN: secrets.appToken } : { SLACK_SIGNING_SECRET: secrets.signingSecret }),
  };
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

const server = fileURLToPath(new URL('../../bin/server.js', import.meta.url));
const readyWithinMs = 30_000;

/** The real server in its own process, for the demo, which can kill and restart it. */
function createBotProcess() {
  let child: ChildProcess | undefined;
  let variables: Record<string, string> = {};

  /** Resolves with the port once the bot is ready; rejects with its output if it ends before. */
  async function launch(): Promise<number> {
    const started = spawn(process.execPath, [server], {
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'info', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const said: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      const port = /"port":(\d+).*"msg":"ready"/.exec(text)?.[1];
      if (port) resolve(Number(port));
      forward(text);
    });
    started.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    started.once('exit', (code) => reject(new Error(`the bot ended with ${code}\n${said.join('')}`)));
    const timer = setTimeout(() => reject(new Error('the bot is not ready in time')), readyWithinMs);
    return promise.finally(() => clearTimeout(timer));
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
  }

  return {
    /** The system chooses PORT at the first start; later starts reuse it. */
    async start(given: Record<string, string>): Promise<number> {
      variables = { PORT: '0', ...given };
      const port = await launch();
      variables = { ...variables, PORT: String(port) };
      return port;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    /** A switch for the page: on kills the bot, off restarts it. */
    pageSwitch: {
      name: 'bot-killed',
      label: 'Kill the bot (kill -9)',
      isOn: () => child === undefined,
      set: (on: boolean) => {
        if (on) void end('SIGKILL');
        else if (!child) void launch().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
      },
    },
  };
}

/** Shows the bot's warnings and errors; other lines only on request. */
function forward(text: string): void {
  const all = process.env['LOG_LEVEL'] === 'info' || process.env['LOG_LEVEL'] === 'debug';
  for (const line of text.split('\n')) {
    if (line !== '' && (all || /"level":"(?:warn|error|fatal)"/.test(line)))
      process.stdout.write(`${line}\n`);
  }
}
