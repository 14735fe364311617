import { createHmac } from 'node:crypto';
import { signingSecret } from './stand-in.ts';

export type SignedCommand = { body: string; headers: Record<string, string> };

/** `/dlq-tasks <text>` as Slack sends it; `place` tells whose answer is whose. */
export function signedCommand(text: string, place: string, standInUrl: string): SignedCommand {
  const body = new URLSearchParams({
    token: 'unused',
    team_id: 'T1',
    team_domain: 'bench',
    channel_id: place,
    channel_name: 'bench',
    user_id: 'UANN',
    user_name: 'ann',
    command: '/dlq-tasks',
    text,
    api_app_id: 'A1',
    is_enterprise_install: 'false',
    response_url: `${standInUrl}/response/${place}`,
    trigger_id: '1.2.3',
  }).toString();
  return { body, headers: signed(body) };
}

function signed(body: string): Record<string, string> {
  const at = String(Math.floor(Date.now() / 1000));
  const hash = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(body)),
    'x-slack-request-timestamp': at,
    'x-slack-signature': `v0=${hash}`,
  };
}
