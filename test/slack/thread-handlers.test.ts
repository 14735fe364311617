import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import { fetchBotIdentity } from '../../src/slack/bot-identity.ts';
import { keyedBy } from '../../src/slack/notifier/find-message.ts';
import type { Handler } from '../../src/slack/reply.ts';
import { boltLogger, promptClient } from '../../src/slack/slack-client.ts';
import { createMentions } from '../../src/slack/thread-handlers.ts';
import { botToken, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { recordedLog } from '../support/recorded.ts';

let slack: LocalSlack;
beforeEach(async () => {
  slack = await startTestSlack();
});
afterEach(() => slack.stop());

const answered: Handler = async () => ({
  to: 'channel',
  message: { text: 'the card', blocks: [] },
  outcome: 'RUNNING',
});

/** A process that has just started, and Ann's mention from before. */
async function freshProcess() {
  await slack.as('UANN').types('CGENERAL', '@dlq-tasks payments-dlq');
  const question = slack.messages('CGENERAL')[0];
  if (!question) throw new Error('nothing was said');
  const { log, lines } = recordedLog();
  const client = promptClient({ botToken, apiUrl: slack.apiUrl, logger: boltLogger(log) });
  const identity = await fetchBotIdentity(client);
  const mentions = createMentions({ queues: [], client, identity, log, onCommand: answered });
  const post = (key: string) =>
    client.chat.postMessage({
      channel: 'CGENERAL',
      thread_ts: question.ts,
      text: 'the card',
      metadata: keyedBy(key),
    });
  const { ts } = question;
  const event = {
    type: 'app_mention',
    user: 'UANN',
    team: 'T1',
    channel: 'CGENERAL',
    ts,
    text: '<@UBOT> orders',
  };
  const arrives = async (changes: object, retryNum?: number) => {
    const body = { event: { ...event, ...changes }, event_id: 'Ev1', is_ext_shared_channel: false };
    const taken = mentions.take(body, retryNum);
    return taken && (await taken.handler(taken.request)).outcome;
  };
  return { arrives, post, lines, key: `mention:CGENERAL:${ts}` };
}

test('does not answer a repeated event whose answer is in the thread', async () => {
  const { arrives, post, key } = await freshProcess();
  await post(key);
  expect(await arrives({}, 1)).toBe('answered before');
});

test('does not answer an edited message again', async () => {
  const { arrives, post, key } = await freshProcess();
  await post(key);
  expect(await arrives({ edited: { user: 'UANN', ts: '1.2' } })).toBe('answered before');
});

test('answers a repeated event if the thread has only answers to others', async () => {
  const { arrives, post } = await freshProcess();
  await post('mention:CGENERAL:1.000001');
  expect(await arrives({}, 1)).toBe('RUNNING');
});

test('answers a first event without reading the thread', async () => {
  const { arrives } = await freshProcess();
  expect(await arrives({})).toBe('RUNNING');
  expect(slack.callsOf('conversations.replies')).toEqual([]);
});

test('without the history scopes, may answer twice rather than never, and logs that', async () => {
  const { arrives, post, key, lines } = await freshProcess();
  await post(key);
  slack.faults.add({ kind: 'missing-scope', scope: 'channels:history' });
  expect(await arrives({}, 1)).toBe('RUNNING');
  expect(lines.flatMap(({ level, key: of }) => (of === undefined ? [] : [[level, of]]))).toEqual([
    ['warn', key],
  ]);
});

test.each([
  ['of this workspace', { team: 'T1' }, false, false],
  ['of this workspace, in a shared channel', { team: 'T1', user_team: 'T1', source_team: 'T1' }, true, false],
  ['of another workspace', { user_team: 'T2' }, true, true],
  ['of another workspace, by the profile', { user_profile: { team: 'T2' } }, true, true],
  ['of another workspace, by the source', { source_team: 'T2' }, undefined, true],
  ['from nowhere, in a shared channel', { team: undefined }, true, true],
  ['from nowhere, in a channel of who knows whom', { team: undefined }, undefined, true],
  ['from nowhere, in a channel of this workspace', { team: undefined }, false, false],
])('a person %s', async (_who, changes, isShared, isExternal) => {
  const { log } = recordedLog();
  const client = promptClient({ botToken, apiUrl: slack.apiUrl, logger: boltLogger(log) });
  const identity = await fetchBotIdentity(client);
  const event = { user: 'UANN', team: 'T1', channel: 'CGENERAL', ts: '1.2', text: 'x', ...changes };
  const body = { event, event_id: 'Ev1', is_ext_shared_channel: isShared };
  const taken = createMentions({ queues: [], client, identity, log, onCommand: answered }).take(
    body,
    undefined,
  );
  expect(taken?.request.person.isExternal).toBe(isExternal);
});
