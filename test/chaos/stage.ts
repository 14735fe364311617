import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stringify } from 'yaml';
import { startLocalAws } from '../../sandbox/aws/local-aws.ts';
import type { LocalSlackOptions } from '../../sandbox/slack/local-slack.ts';
import { appToken, botToken, signingSecret, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { createLogWatch } from './log-watch.ts';
import { createMachine } from './machine.ts';
import { createRedrives } from './redrives.ts';
import { createServerProcess } from './server-process.ts';

export type StageQueue = { name: string; arn: string; role: string };

export type StageGiven = {
  queues: number;
  channels: number;
  bounceBackAfterSeconds?: number[];
  slack?: Partial<LocalSlackOptions>;
  isSocketMode?: boolean;
  /**
   * Whether a process may start while its clock is wrong: then it can't know how long ago a redrive ended.
   */
  clockMayOutliveProcess?: boolean;
  /** The settings' section of that name; the accounts then have roles for it, and the queues are real. */
  redrive?: Record<string, unknown>;
};

const accounts = [
  { label: 'prod', id: '111122223333' },
  { label: 'billing', id: '444455556666' },
  { label: 'shop', id: '777788889999' },
].map((account) => ({ ...account, roleArn: `arn:aws:iam::${account.id}:role/dlq-tasks-status` }));

const redriveRoleOf = ({ id }: { id: string }) => `arn:aws:iam::${id}:role/dlq-tasks-redrive`;

const awsSecret = 'chaos-secret-access-key';

/** The sandbox's Slack and AWS, and the real server in a process that can be killed. */
export async function startStage({
  queues: count,
  channels,
  bounceBackAfterSeconds = [],
  slack: more,
  isSocketMode = false,
  clockMayOutliveProcess = false,
  redrive,
}: StageGiven) {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-chaos-'));
  const queues = Array.from({ length: count }, (_, index) => queueAt(index));
  const [slack, aws] = await Promise.all([
    startTestSlack({ keep: 50_000, channels: channelsOf(channels), appToken, ...more }),
    startLocalAws({ roles: rolesFor(redrive !== undefined) }),
  ]);
  if (redrive) for (const { arn } of queues) await aws.caretaker.addQueue({ arn });
  const watch = { minPollSeconds: 1, maxPollSeconds: 2, bounceBackAfterSeconds };
  const accountsByLabel = Object.fromEntries(
    accounts.map(({ label, ...account }) => [
      label,
      { ...account, ...(redrive && { redriveRoleArn: redriveRoleOf(account) }) },
    ]),
  );
  const queuesByName = Object.fromEntries(queues.map(({ name, arn }) => [name, arn]));
  const settings = { accounts: accountsByLabel, queues: queuesByName, watch, ...(redrive && { redrive }) };
  await writeFile(join(folder, 'dlq-tasks.yml'), stringify(settings));
  const database = join(folder, 'data', 'watches.sqlite');
  const machine = createMachine(folder);
  const variables: Record<string, string> = {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: botToken,
    ...(isSocketMode ? { SLACK_APP_TOKEN: appToken } : { SLACK_SIGNING_SECRET: signingSecret }),
    DLQ_TASKS_CONFIG: join(folder, 'dlq-tasks.yml'),
    ...machine.variables,
    AWS_ENDPOINT_URL_SQS: aws.sqsUrl,
    AWS_ENDPOINT_URL_STS: aws.stsUrl,
    AWS_ACCESS_KEY_ID: 'chaos',
    AWS_SECRET_ACCESS_KEY: awsSecret,
    AWS_REGION: 'eu-west-1',
  };
  const log = createLogWatch([botToken, appToken, signingSecret, awsSecret]);
  const server = createServerProcess(variables, { onLine: log.read });
  await machine.setUp(server);
  let input: Promise<unknown> = Promise.resolve();
  const redrives = createRedrives(aws);
  let port = 0;
  let awsIsSpared = false;
  return {
    slack,
    aws,
    server,
    redrives,
    queues,
    log,
    variables,
    database,
    machine,
    isSocketMode,
    clockMayOutliveProcess,
    /** No faults at AWS. */
    sparesAws(isSpared: boolean): void {
      awsIsSpared = isSpared;
      if (isSpared) aws.faults.clear();
    },
    awsIsSpared: () => awsIsSpared,
    /** One at a time: kills, and faults that must not coincide with one. */
    alone(work: () => Promise<void>): Promise<void> {
      const mine = input.then(work);
      input = mine.catch(() => undefined);
      return mine;
    },
    /** Starts the server and tells Slack its address; it keeps that address. */
    async open() {
      port = await server.start();
      if (!isSocketMode) slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
      return port;
    },
    port: () => port,
    /** Stops the server and returns the channels in which it still follows something. */
    async liveWatches(): Promise<string[]> {
      await server.stop();
      const store = new DatabaseSync(database);
      const rows = store.prepare("SELECT channel FROM watches WHERE phase <> 'over'").all();
      store.close();
      return rows.map((row) => String(row['channel']));
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
      redrives.stop();
      await Promise.all([slack.stop(), aws.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Stage = Awaited<ReturnType<typeof startStage>>;

function rolesFor(redrives: boolean) {
  const reading = accounts.map(({ roleArn }) => ({ arn: roleArn }));
  const acting = accounts.map((account) => ({
    ...{ arn: redriveRoleOf(account), redrives: true, trust: ['sts:SetSourceIdentity'] },
  }));
  return redrives ? [...reading, ...acting] : reading;
}

function queueAt(index: number): StageQueue {
  const name = `orders-${index}-dlq`;
  const { id, roleArn } = accounts[index % accounts.length] ?? { id: '', roleArn: '' };
  return { name, arn: `arn:aws:sqs:eu-west-1:${id}:${name}`, role: roleArn };
}

function channelsOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `CTEAM${index}`,
    name: `team-${index}`,
    topic: '',
    isPrivate: index % 2 === 1,
    isArchived: false,
    botIsMember: true,
  }));
}
