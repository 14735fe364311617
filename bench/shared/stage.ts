import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeLocalhostCertificate } from '../../test/support/localhost-certificate.ts';
import { answerOf, type StandIn } from './answers.ts';
import { botToken, signingSecret } from './signed.ts';

const accountId = '111122223333';
const roleArn = `arn:aws:iam::${accountId}:role/dlq-tasks-status`;

export const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:${accountId}:${name}`;

/**
 * Slack (plain HTTP) and AWS (TLS) in this process, a folder with settings that list these queues, and the
 * environment variables that point a bot to them.
 */
export async function setStage(names: readonly string[], standIn: StandIn, watch: object = {}) {
  let delayMs = 0;
  const handle: RequestListener = async (request, response) => {
    const body = await text(request);
    if (delayMs > 0) await sleep(delayMs);
    const { status = 200, json, xml = '' } = answerOf(request, body, standIn);
    const sent = json ? JSON.stringify(json) : xml;
    response.writeHead(status, {
      'content-type': json ? 'application/json; charset=utf-8' : 'text/xml',
      'content-length': Buffer.byteLength(sent),
      'x-oauth-scopes': 'commands,chat:write,channels:history,groups:history,im:history,im:write',
    });
    response.end(sent);
  };
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-bench-'));
  const { file, ...keys } = await writeLocalhostCertificate(folder);
  const servers = [createServer(handle), createTlsServer(keys, handle)];
  const [slackPort, awsPort] = await Promise.all(servers.map(portOf));
  const config = join(folder, 'dlq-tasks.yml');
  const queues = Object.fromEntries(names.map((name) => [name, arnOf(name)]));
  // Every JSON text is also YAML.
  await writeFile(config, JSON.stringify({ accounts: { prod: { id: accountId, roleArn } }, queues, watch }));
  const url = `http://127.0.0.1:${slackPort}`;
  return {
    url,
    folder,
    config,
    variables: {
      SLACK_API_URL: `${url}/api/`,
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: signingSecret,
      AWS_ENDPOINT_URL: `https://localhost:${awsPort}`,
      NODE_EXTRA_CA_CERTS: file,
      AWS_ACCESS_KEY_ID: 'AKIABENCH',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_REGION: 'eu-west-1',
      DLQ_TASKS_CONFIG: config,
      DLQ_TASKS_DATA: join(folder, 'data'),
      PORT: '0',
    },
    /** Every answer takes this long from now on; 0 is at once. */
    setDelay(ms: number) {
      delayMs = ms;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.close().closeAllConnections();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  server.keepAliveTimeout = 60_000;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
