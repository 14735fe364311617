import { type Agent, request } from 'node:http';
import { signatureOf } from '../../sandbox/slack/deliver-over-http.ts';

export const botToken = 'xoxb-bench';
export const signingSecret = 'bench-signing-secret';

type Signed = { body: string; headers: Record<string, string> };

/** `/dlq-tasks <text>` as Slack sends it; the channel identifies the person. */
export function signedCommand(text: string, channel: string, standInUrl: string) {
  const command = {
    team_id: 'T1',
    channel_id: channel,
    user_id: 'UANN',
    command: '/dlq-tasks',
    text,
    response_url: `${standInUrl}/response/${channel}`,
    trigger_id: '1.2.3',
  };
  return { channel, ...signed(command) };
}

/** A click on Watch on a message. */
export function signedClick(value: object, channel: string, ts: string): Signed {
  const payload = {
    type: 'block_actions',
    user: { id: 'UANN', team_id: 'T1' },
    team: { id: 'T1' },
    channel: { id: channel },
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
    message: { ts },
    actions: [{ type: 'button', action_id: 'watch', value: JSON.stringify(value) }],
  };
  return signed({ payload: JSON.stringify(payload) });
}

function signed(form: Record<string, string>): Signed {
  const body = new URLSearchParams(form).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(body)),
    ...signatureOf({ signingSecret, clock: Date.now }, body),
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
