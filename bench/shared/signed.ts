import { createHmac } from 'node:crypto';
import { type Agent, request } from 'node:http';

export const botToken = 'xoxb-bench';
export const signingSecret = 'bench-signing-secret';

export type Signed = { body: string; headers: Record<string, string> };

/** `/dlq-tasks <text>` as Slack sends it; the channel tells whose answer is whose. */
export function signedCommand(text: string, channel: string, standInUrl: string): Signed {
  return signed({
    team_id: 'T1',
    channel_id: channel,
    user_id: 'UANN',
    command: '/dlq-tasks',
    text,
    response_url: `${standInUrl}/response/${channel}`,
    trigger_id: '1.2.3',
  });
}

/** A click on a button of a message. */
export function signedClick(action: { id: string; value: object }, channel: string, ts: string): Signed {
  const payload = {
    type: 'block_actions',
    user: { id: 'UANN', team_id: 'T1' },
    team: { id: 'T1' },
    channel: { id: channel },
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
    message: { ts },
    actions: [{ type: 'button', action_id: action.id, value: JSON.stringify(action.value) }],
  };
  return signed({ payload: JSON.stringify(payload) });
}

function signed(form: Record<string, string>): Signed {
  const body = new URLSearchParams(form).toString();
  const at = String(Math.floor(Date.now() / 1000));
  const hash = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(body)),
    'x-slack-request-timestamp': at,
    'x-slack-signature': `v0=${hash}`,
  };
  return { body, headers };
}

/** Resolves once it is acknowledged. */
export function post(agent: Agent, port: number, { body, headers }: Signed): Promise<void> {
  return new Promise((resolve, reject) => {
    const to = { agent, port, host: '127.0.0.1', path: '/slack/events', method: 'POST', headers };
    const sent = request(to, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`Slack was answered ${response.statusCode}`));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
