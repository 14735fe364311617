import type { FetchFunction } from '@slack/web-api';
import type { Log } from '../../src/operations/log.ts';
import { boltLogger, promptClient } from '../../src/slack/slack-client.ts';

type Args = Record<string, string>;
export type Said = {
  channel: string;
  ts: string;
  text: string;
  threadTs?: string;
  blocks: number;
  key?: string;
};
/** A Slack error code, or what Slack returns in place of one. */
export type Answer = string | { status: number; body?: string; headers?: Record<string, string> };
type Trouble = { answer: Answer; until?: number; when?: (method: string, args: Args) => boolean };

/** The bot's own client, whose requests a test answers. */
export function clientAnsweredBy(fetch: FetchFunction, log: Log) {
  const logger = boltLogger({ ...log, debug: () => undefined });
  return promptClient({ botToken: 'xoxb-test', apiUrl: 'https://slack.test/api/', logger, fetch });
}

/** The part of Slack that the notifier calls, without a socket and on the test's clock. */
export function slackInProcess(clock: () => number) {
  const said = new Map<string, Said>();
  const calls: { method: string; args: Args; at: number }[] = [];
  const privately: string[] = [];
  let trouble: Trouble | undefined;

  function post(args: Args) {
    const channel = (args['channel'] ?? '').replace(/^U/, 'D');
    const ts = `${Math.floor(clock() / 1000)}.${String(said.size).padStart(6, '0')}`;
    const { event_payload } = JSON.parse(args['metadata'] ?? '{}');
    said.set(ts, {
      channel,
      ts,
      text: args['text'] ?? '',
      blocks: JSON.parse(args['blocks'] ?? '[]').length,
      ...(args['thread_ts'] && { threadTs: args['thread_ts'] }),
      ...(event_payload && { key: event_payload.key }),
    });
    return { channel, ts };
  }

  function update(args: Args) {
    const blocks = JSON.parse(args['blocks'] ?? '[]').length;
    const { channel = '', ts = '', text = '' } = args;
    said.set(ts, { ...said.get(ts), channel, ts, text, blocks });
    return { channel, ts };
  }

  const messages = (wanted: (one: Said) => boolean) => ({
    messages: [...said.values()].filter(wanted).map(({ ts, text, key }) => ({
      ts,
      // Slack returns emoji by their names.
      text: text.replaceAll('✅', ':white_check_mark:'),
      bot_id: 'BBOT',
      ...(key !== undefined && {
        metadata: { event_type: 'dlq_tasks_notice', event_payload: { key } },
      }),
    })),
  });

  function run(method: string, args: Args): object {
    if (method === 'chat.postMessage') return post(args);
    if (method === 'chat.update') return update(args);
    if (method === 'conversations.open') return { channel: { id: (args['users'] ?? '').replace(/^U/, 'D') } };
    return messages(({ channel }) => channel === args['channel']);
  }

  const send: FetchFunction = async (url, init) => {
    if (!String(url).includes('/api/')) {
      privately.push(JSON.parse(String(init?.body)).text);
      return answered('ok', 200);
    }
    const method = String(url).split('/').at(-1) ?? '';
    const args = Object.fromEntries(new URLSearchParams(String(init?.body)));
    calls.push({ method, args, at: clock() });
    const strikes =
      trouble && clock() < (trouble.until ?? Infinity) && (trouble.when?.(method, args) ?? true);
    if (!trouble || !strikes) return answered(JSON.stringify({ ok: true, ...run(method, args) }), 200);
    const { answer } = trouble;
    if (typeof answer === 'string') return answered(JSON.stringify({ ok: false, error: answer }), 200);
    return answered(answer.body ?? '', answer.status, answer.headers);
  };

  return {
    send,
    calls,
    privately,
    said: () => [...said.values()],
    /** From now on Slack answers like this, until then and to such calls. */
    answers(next: Trouble) {
      trouble = next;
    },
  };
}

function answered(body: string, status: number, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers });
}

const page = '<!DOCTYPE html><html><body>We’ll be right back</body></html>';

/** Failures that are not codes, by name. */
export const oddAnswers: Record<string, Answer> = {
  'HTTP 200 with a page': { status: 200, body: page },
  'HTTP 200 with nothing': { status: 200, body: '' },
  'HTTP 500': { status: 500, body: page },
  'HTTP 503': { status: 503, body: page },
  'HTTP 403 of a proxy': { status: 403, body: page },
  'HTTP 429': { status: 429, headers: { 'retry-after': '3' } },
  'HTTP 429 without Retry-After': { status: 429 },
};
