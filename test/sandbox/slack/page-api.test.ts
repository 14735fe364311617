import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import type { PageState } from '../../../sandbox/slack/page-contract.ts';
import { startTestSlack } from './test-workspace.ts';

let slack: LocalSlack;
let awsIsBroken = false;

beforeEach(async () => {
  slack = await startTestSlack({
    completions: ['orders-dlq'],
    pageFiles: (path) => (path === '/' ? { type: 'text/html', body: '<h1>page</h1>' } : undefined),
    externalFaults: [
      {
        name: 'aws-broken',
        label: 'AWS answers 500',
        isOn: () => awsIsBroken,
        set: (on) => {
          awsIsBroken = on;
        },
      },
    ],
  });
});

afterEach(() => slack.stop());

const act = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${slack.url}/page/action`, { method: 'POST', headers, body: JSON.stringify(body) });

const form = { do: 'submit-modal', person: 'UANN', viewId: 'V1' };
const hello = { do: 'send', person: 'UANN', channel: 'CGENERAL', text: 'hello' };

/** node:http, because fetch does not let a caller choose the Host header. */
function statusFor(path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${slack.url}${path}`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
}

async function* statesOf(response: Response): AsyncGenerator<PageState> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) yield JSON.parse(event.replace(/^data: /, ''));
  }
}

test('the state contains everything that the page shows', async () => {
  await act(hello);
  expect(await (await fetch(`${slack.url}/page/state`)).json()).toMatchObject({
    transport: 'not connected',
    bot: { userId: 'UBOT', name: 'dlq-tasks' },
    completions: ['orders-dlq'],
    people: [{ id: 'UANN' }, { id: 'UBOB' }, { id: 'UEVE' }],
    channels: [{ id: 'CGENERAL' }, { id: 'CRANDOM' }, { id: 'COPS' }, { id: 'CSECRET' }],
    messages: [{ channel: 'CGENERAL', author: 'UANN', text: 'hello' }],
  });
});

test('the event stream begins with the state and batches changes', async () => {
  const stopped = new AbortController();
  const stream = statesOf(await fetch(`${slack.url}/page/events`, { signal: stopped.signal }));
  const first = await stream.next();
  for (let n = 0; n < 10; n++) await slack.as('UANN').types('CGENERAL', `message ${n}`);
  const second = await stream.next();
  await slack.as('UANN').types('CGENERAL', 'one more');
  const third = await stream.next();
  expect([first, second, third].map(({ value }) => value.messages.length)).toEqual([0, 10, 11]);
  stopped.abort();
});

test('other switches appear with Slack’s own', async () => {
  await act({ do: 'set-fault', name: 'aws-broken', isOn: true });
  expect(awsIsBroken).toBe(true);
  expect(slack.state().faults.filter(({ isOn }) => isOn)).toEqual([
    { name: 'aws-broken', label: 'AWS answers 500', isOn: true },
  ]);
  await act({ do: 'set-fault', name: 'aws-broken', isOn: false });
});

test('static files are served, and nothing else', async () => {
  const page = await fetch(slack.url);
  expect([await page.text(), (await fetch(`${slack.url}/other`)).status]).toEqual(['<h1>page</h1>', 404]);
});

describe('another web page', () => {
  test("can't act with a form, because that can't send JSON", async () => {
    expect((await act(hello, { 'content-type': 'text/plain' })).status).toBe(415);
    expect(slack.messages('CGENERAL')).toEqual([]);
  });

  test("can't use a name pointed at this machine", async () => {
    const port = new URL(slack.url).port;
    expect([
      await statusFor('/page/state', `evil.example:${port}`),
      await statusFor('/api/auth.test', 'evil.example'),
      await statusFor('/page/state', `localhost:${port}`),
      await statusFor('/page/state', `[::1]:${port}`),
    ]).toEqual([403, 403, 200, 200]);
  });
});

test.each([
  [{}],
  [{ do: 'dance' }],
  [{ ...hello, text: 5 }],
  ['x'],
  [{ ...hello, do: 'toString' }],
  [{ ...form, values: { why: 'text' } }],
  [{ ...form, values: [] }],
])('%j is no action', async (body) => {
  expect((await act(body)).status).toBe(400);
});

test.each([
  ['nobody', { ...hello, person: 'UNONE' }, 'There is no such person.'],
  ['nowhere', { ...hello, channel: 'CNONE' }, 'There is no such channel.'],
  ['nothing', { ...hello, text: '  ' }, 'There is nothing to send.'],
  ['a lost message', { do: 'delete', channel: 'CGENERAL', ts: '1.1' }, 'This message is gone.'],
  ['a closed form', { ...form, values: {} }, 'This form is closed.'],
  ['no switch', { do: 'set-fault', name: 'none', isOn: true }, 'There is no such switch.'],
])('%s is refused in words', async (_, body, error) => {
  expect(await (await act(body)).json()).toEqual({ ok: false, error });
});

test('a body of more than 4 MB is refused', async () => {
  expect((await act({ ...hello, text: 'x'.repeat(4 * 1024 * 1024) })).status).toBe(413);
});
