import type { IncomingMessage } from 'node:http';

export type Redrive = { startedAt: number; lengthMs: number };

export type StandIn = {
  redriveOf: (queue: string) => Redrive | undefined;
  /** Someone in this channel was answered, by a message or through the response URL. */
  onAnswer?: (channel: string) => void;
  /** What the Parameter Store contains. */
  parameters?: Record<string, string>;
};

type Answer = { status?: number; json?: object; xml?: string };

/**
 * What Slack, SQS, STS, SSM and Lambda answer, as fast as Node allows: they must not be what is measured.
 * They check nothing; the sandbox does that.
 */
export function answerOf({ url = '', headers }: IncomingMessage, body: string, standIn: StandIn): Answer {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { json: awsAnswer(target, JSON.parse(body), standIn) };
  if (url.startsWith('/2015-03-31/functions/')) return { status: 202 };
  if (url.startsWith('/api/')) return { json: slackAnswer(url.slice(5), body, standIn) };
  if (!url.startsWith('/response/')) return { xml: assumedRole };
  standIn.onAnswer?.(url.slice(10));
  return {};
}

function awsAnswer(target: string, asked: Record<string, string>, standIn: StandIn): object {
  const { SourceArn = '', Name = '' } = asked;
  if (target.endsWith('.ListMessageMoveTasks')) return { Results: [taskOf(SourceArn, standIn)] };
  if (target.endsWith('.GetQueueAttributes')) return { Attributes: depth };
  return { Parameter: { Name, Value: standIn.parameters?.[Name] ?? '' } };
}

function taskOf(arn: string, { redriveOf }: StandIn): object {
  const { startedAt, lengthMs } = redriveOf(arn.split(':').at(-1) ?? '') ?? { startedAt: 0, lengthMs: 1 };
  const share = Math.min(1, (Date.now() - startedAt) / lengthMs);
  return {
    Status: share < 1 ? 'RUNNING' : 'COMPLETED',
    ApproximateNumberOfMessagesMoved: Math.floor(share * 1e6),
    ApproximateNumberOfMessagesToMove: 1e6,
    StartedTimestamp: startedAt,
    ...(share < 1 && { TaskHandle: 'handle' }),
  };
}

const depth = {
  ApproximateNumberOfMessages: '1200',
  ApproximateNumberOfMessagesNotVisible: '3',
  ApproximateNumberOfMessagesDelayed: '0',
};

let posted = 0;

function slackAnswer(method: string, body: string, { onAnswer }: StandIn): object {
  if (method === 'auth.test') return me;
  // A field of a form, without reading the rest of it.
  const field = (name: string) => new RegExp(`(?:^|&)${name}=([^&]*)`).exec(body)?.[1] ?? '';
  const channel = field('channel');
  if (method === 'chat.postMessage') onAnswer?.(channel);
  posted += 1;
  const ts = field('ts') || `1700000000.${String(posted).padStart(6, '0')}`;
  return { ok: true, channel, ts, messages: [] };
}

const me = { ok: true, team: 'Bench', team_id: 'T1', user: 'dlq-tasks', user_id: 'UBOT', bot_id: 'B1' };
const until = new Date(Date.now() + 3_600_000).toISOString();
const assumedRole = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIABENCH</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
