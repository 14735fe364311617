import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLocalhostCertificate } from '../../test/support/localhost-certificate.ts';
import { botToken, signingSecret } from './signed.ts';
import { type StandInOptions, startStandIn } from './stand-in.ts';

const accountId = '111122223333';
const roleArn = `arn:aws:iam::${accountId}:role/dlq-tasks-status`;

export function arnOf(name: string): string {
  return `arn:aws:sqs:eu-west-1:${accountId}:${name}`;
}

export type Stage = Awaited<ReturnType<typeof setStage>>;

/** Slack and AWS, a folder with settings that list these queues, and the variables that lead a bot to all of it. */
export async function setStage(
  names: readonly string[],
  { watch, ...options }: StandInOptions & { watch?: object | undefined },
) {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-bench-'));
  const certificate = await writeLocalhostCertificate(folder);
  const standIn = await startStandIn(certificate, options);
  const config = join(folder, 'dlq-tasks.yml');
  const queues = Object.fromEntries(names.map((name) => [name, arnOf(name)]));
  // Each JSON text is a YAML text.
  await writeFile(config, JSON.stringify({ accounts: { prod: { id: accountId, roleArn } }, queues, watch }));
  const services = ['SQS', 'STS', 'SSM', 'LAMBDA', 'DYNAMODB'];
  return {
    ...standIn,
    folder,
    config,
    variables: {
      SLACK_API_URL: `${standIn.url}/api/`,
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: signingSecret,
      ...Object.fromEntries(services.map((name) => [`AWS_ENDPOINT_URL_${name}`, standIn.awsUrl])),
      NODE_EXTRA_CA_CERTS: certificate.file,
      AWS_ACCESS_KEY_ID: 'AKIABENCH',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_REGION: 'eu-west-1',
      DLQ_TASKS_CONFIG: config,
      DLQ_TASKS_DATA: join(folder, 'data'),
      PORT: '0',
    },
    async strike() {
      await standIn.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
