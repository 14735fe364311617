import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type StandInOptions = {
  /** What ListMessageMoveTasks answers for a queue. */
  tasksOf: (queueArn: string) => object[];
  /** Somebody in this channel was answered, by a message or through the response URL. */
  onAnswer?: (channel: string) => void;
  /** What the Parameter Store holds. */
  parameters?: Record<string, string>;
};

/**
 * Slack (plain HTTP), SQS, STS, SSM and Lambda (TLS) in one server, as quick as Node allows: it must not be what is
 * measured. It checks nothing; the sandbox is there for that.
 */
export async function startStandIn(keys: { key: string; cert: string }, options: StandInOptions) {
  let delayMs = 0;
  let posted = 0;

  function answerTo(url: string, target: string | undefined, body: string): object | string {
    if (url.startsWith('/api/')) return slackAnswer(url.slice(5), body);
    if (url.startsWith('/response/')) options.onAnswer?.(url.slice(10));
    if (url.startsWith('/response/') || url.startsWith('/2015-03-31/functions/')) return '';
    return target === undefined ? assumedRole() : awsAnswer(target, JSON.parse(body), options);
  }

  function slackAnswer(method: string, body: string): object {
    if (method === 'auth.test') return me;
    const channel = fieldOf(body, 'channel');
    if (method === 'chat.postMessage') options.onAnswer?.(channel);
    posted += 1;
    const ts = fieldOf(body, 'ts') || `1700000000.${String(posted).padStart(6, '0')}`;
    return { ok: true, channel, ts, messages: [] };
  }

  const handle: RequestListener = (request, response) => {
    const { url = '', headers } = request;
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', async () => {
      if (delayMs > 0) await sleep(delayMs);
      const answer = answerTo(url, headers['x-amz-target']?.toString(), body);
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
      response.writeHead(url.startsWith('/2015-03-31/') ? 202 : 200, {
        'content-type': typeof answer === 'string' ? 'text/xml' : 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
        ...(answer === me && { 'x-oauth-scopes': scopes }),
      });
      response.end(text);
    });
  };
  const [slack, aws] = [createServer(handle), createTlsServer(keys, handle)];
  for (const server of [slack, aws]) server.keepAliveTimeout = 60_000;
  return {
    url: `http://127.0.0.1:${await opened(slack)}`,
    awsUrl: `https://localhost:${await opened(aws)}`,
    /** Every answer takes this long from now on; 0 is at once. */
    setDelay: (ms: number) => {
      delayMs = ms;
    },
    async stop() {
      for (const server of [slack, aws]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}

async function opened(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

function awsAnswer(target: string, asked: Record<string, string>, options: StandInOptions): object {
  if (target.endsWith('.ListMessageMoveTasks')) return { Results: options.tasksOf(asked['SourceArn'] ?? '') };
  if (target.endsWith('.GetQueueAttributes')) return { Attributes: depth };
  const Name = asked['Name'] ?? '';
  return { Parameter: { Name, Value: options.parameters?.[Name] ?? '' } };
}

const depth = {
  ApproximateNumberOfMessages: '1200',
  ApproximateNumberOfMessagesNotVisible: '3',
  ApproximateNumberOfMessagesDelayed: '0',
};
const scopes =
  'commands,chat:write,channels:history,groups:history,im:history,im:write,app_mentions:read,usergroups:read';
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

/** A field of a form, without reading the rest of it. */
function fieldOf(body: string, name: string): string {
  return new RegExp(`(?:^|&)${name}=([^&]*)`).exec(body)?.[1] ?? '';
}
