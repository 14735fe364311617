import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** One Web API call of the bot, as far as a bench needs it. */
export type SlackCall = { method: string; channel: string; ts: string; body: string };

export type StandInOptions = {
  /** What ListMessageMoveTasks answers for a queue. */
  tasksOf: (queueArn: string) => object[];
  /** Answers the seconds to wait when the call is refused with 429. */
  onSlackCall?: (call: SlackCall) => number | undefined;
  /** The path after /response/ of a response URL that was used. */
  onResponseUrl?: (rest: string) => void;
  /** What the Parameter Store holds. */
  parameters?: Record<string, string>;
  /** AWS takes nothing but TLS; without this it is plain HTTP here. */
  awsOverTls?: true;
};

export type StandIn = {
  url: string;
  /** Variables that lead the bot here. */
  variables: Record<string, string>;
  /** Every answer takes this long; 0 is at once. */
  setDelay(ms: number): void;
  stop(): Promise<void>;
};

/**
 * Slack, SQS, STS, SSM and Lambda in one plain server, as quick as Node allows: it must not be what is measured. It
 * checks nothing; the sandbox is there for that.
 */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  let delayMs = 0;
  const handle: RequestListener = (request, response) => {
    read(request, async (body) => {
      if (delayMs > 0) await sleep(delayMs);
      answer(request, body, response, options);
    });
  };
  const slack = createServer(handle);
  const aws = options.awsOverTls ? createTlsServer(localhost(), handle) : slack;
  const servers = [...new Set([slack, aws])];
  for (const server of servers) server.keepAliveTimeout = 60_000;
  const [slackPort, awsPort = slackPort] = await Promise.all(servers.map(opened));
  const url = `http://127.0.0.1:${slackPort}`;
  return {
    url,
    variables: {
      ...variablesFor(url, options.awsOverTls ? `https://localhost:${awsPort}` : url),
      ...(options.awsOverTls && { NODE_EXTRA_CA_CERTS: fileURLToPath(certificate) }),
    },
    setDelay: (ms) => {
      delayMs = ms;
    },
    async stop() {
      await Promise.all(
        servers.map(async (server) => {
          server.closeAllConnections();
          server.close();
          await once(server, 'close');
        }),
      );
    },
  };
}

const certificate = new URL('tls/localhost.cert.pem', import.meta.url);

/** For this machine's name only; its key is no secret. */
function localhost() {
  return {
    cert: readFileSync(certificate),
    key: readFileSync(new URL('tls/localhost.key.pem', import.meta.url)),
  };
}

async function opened(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export const botToken = 'xoxb-bench';
export const signingSecret = 'bench-signing-secret';

function variablesFor(url: string, awsUrl: string): Record<string, string> {
  const endpoints = ['SQS', 'STS', 'SSM', 'LAMBDA', 'DYNAMODB'].map((name) => [
    `AWS_ENDPOINT_URL_${name}`,
    awsUrl,
  ]);
  return {
    SLACK_API_URL: `${url}/api/`,
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    ...Object.fromEntries(endpoints),
    AWS_ACCESS_KEY_ID: 'AKIABENCH',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_REGION: 'eu-west-1',
  };
}

function read(request: IncomingMessage, then: (body: string) => Promise<void>): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => void then(body));
}

function answer(
  { url = '/', headers }: IncomingMessage,
  body: string,
  response: ServerResponse,
  options: StandInOptions,
): void {
  const target = headers['x-amz-target'];
  if (url.startsWith('/api/')) answerSlack(url.slice(5), body, response, options);
  else if (url.startsWith('/response/')) {
    end(response, 200, 'text/plain', 'ok');
    options.onResponseUrl?.(url.slice(10));
  } else if (url.startsWith('/2015-03-31/functions/')) end(response, 202, json, '');
  else if (target === undefined) end(response, 200, 'text/xml', assumedRole());
  else
    end(
      response,
      200,
      'application/x-amz-json-1.0',
      JSON.stringify(answerAws(String(target), body, options)),
    );
}

function answerAws(target: string, body: string, { tasksOf, parameters = {} }: StandInOptions): object {
  const asked: Record<string, string> = JSON.parse(body);
  if (target.endsWith('.ListMessageMoveTasks')) return { Results: tasksOf(asked['SourceArn'] ?? '') };
  if (target.endsWith('.GetQueueAttributes')) return { Attributes: depth };
  const Name = asked['Name'] ?? '';
  return { Parameter: { Name, Value: parameters[Name] ?? '' } };
}

const depth = {
  ApproximateNumberOfMessages: '1200',
  ApproximateNumberOfMessagesNotVisible: '3',
  ApproximateNumberOfMessagesDelayed: '0',
};
const json = 'application/json; charset=utf-8';
let posted = 0;

function answerSlack(
  method: string,
  body: string,
  response: ServerResponse,
  { onSlackCall }: StandInOptions,
): void {
  const [channel, ts] = [fieldOf(body, 'channel'), fieldOf(body, 'ts')];
  const retryAfter = onSlackCall?.({ method, channel, ts, body });
  if (retryAfter !== undefined) {
    response.writeHead(429, { 'content-type': json, 'retry-after': String(retryAfter) });
    response.end('{"ok":false,"error":"ratelimited"}');
    return;
  }
  if (method === 'auth.test') response.setHeader('x-oauth-scopes', scopes);
  posted += 1;
  const newTs = `1700000000.${String(posted).padStart(6, '0')}`;
  end(
    response,
    200,
    json,
    JSON.stringify(method === 'auth.test' ? me : { ok: true, channel, ts: ts || newTs, messages: [] }),
  );
}

/** A field of a form, without reading the rest of it. */
function fieldOf(body: string, name: string): string {
  return new RegExp(`(?:^|&)${name}=([^&]*)`).exec(body)?.[1] ?? '';
}

const scopes = 'commands,chat:write,channels:history,groups:history,app_mentions:read,usergroups:read';
const me = {
  ok: true,
  url: 'https://bench.slack.com/',
  team: 'Bench',
  user: 'dlq-tasks',
  team_id: 'T1',
  user_id: 'UBOT',
  bot_id: 'B1',
};

function assumedRole(): string {
  const Expiration = new Date(Date.now() + 3_600_000).toISOString();
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/dlq-tasks-status/bench</Arn><AssumedRoleId>A:bench</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIABENCH</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${Expiration}</Expiration></Credentials></AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>`;
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
