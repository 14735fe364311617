import { ErrorCode } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { client, post, slack, start, startBeforeEachTest } from './bot-client.ts';
import { botToken } from './test-workspace.ts';
import { outcome, webClient } from './web-client.ts';

startBeforeEachTest();

describe('bad days', () => {
  test('a limit for two calls returns 429 with the time to wait, and then works again', async () => {
    slack.faults.add({ kind: 'rate-limited', method: 'chat.postMessage', times: 2, retryAfterSeconds: 7 });
    await expect(post()).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 7 });
    expect([await outcome(client.auth.test()), await outcome(post()), await outcome(post())]).toEqual([
      'ok',
      ErrorCode.RateLimitedError,
      'ok',
    ]);
    expect(slack.callsOf('chat.postMessage').map(({ status, error }) => [status, error])).toEqual([
      [429, 'ratelimited'],
      [429, 'ratelimited'],
      [200, undefined],
    ]);
  });

  test.each([
    ['reset', 0],
    ['stored-then-reset', 1],
    ['server-error', 0],
    ['stored-then-server-error', 1],
  ] as const)('after %s the channel holds %i messages', async (kind, stored) => {
    slack.faults.add({ kind, method: 'chat.postMessage', times: 1 });
    expect(await outcome(post())).not.toBe('ok');
    expect(slack.messages('CGENERAL')).toHaveLength(stored);
    expect(await outcome(post())).toBe('ok');
  });

  test('a client that retries posts twice if the connection drops after storing', async () => {
    slack.faults.add({ kind: 'stored-then-reset', times: 1 });
    const retrying = webClient(slack.apiUrl, botToken, 1);
    await retrying.chat.postMessage({ channel: 'CGENERAL', text: 'hello' });
    expect(slack.messages('CGENERAL')).toHaveLength(2);
  });

  test('a fault affects only the intended calls, until it is removed', async () => {
    const remove = slack.faults.add({
      kind: 'error',
      error: 'token_revoked',
      when: ({ channel }) => channel === 'COPS',
    });
    const outcomes = [await outcome(post()), await outcome(post({ channel: 'COPS' }))];
    remove();
    expect([...outcomes, await outcome(post({ channel: 'COPS' }))]).toEqual(['ok', 'token_revoked', 'ok']);
  });

  test('refuses a block that is not rolled out yet, with its path', async () => {
    slack.faults.add({ kind: 'rejected-block', blockType: 'table' });
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] };
    await expect(post({ blocks: [{ type: 'divider' }, table] } as never)).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        response_metadata: { messages: ['[ERROR] unsupported type: table [json-pointer:/blocks/1/type]'] },
      },
    });
  });

  test("a revoked scope is missing everywhere, even from the bot's list of scopes", async () => {
    slack.faults.add({ kind: 'missing-scope', scope: 'channels:history' });
    const { response_metadata } = await client.auth.test();
    expect(response_metadata?.scopes).not.toContain('channels:history');
    await expect(client.conversations.history({ channel: 'CGENERAL' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'channels:history' },
    });
  });

  test('a slow answer still arrives', async () => {
    slack.faults.add({ kind: 'slow', ms: 60, times: 1 });
    const startedAt = performance.now();
    expect(await outcome(post())).toBe('ok');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55);
  });

  test('a message may be stored long before its answer comes', async () => {
    slack.faults.add({ kind: 'stored-then-slow', ms: 60, times: 1 });
    const answer = post();
    await slack.until(() => slack.messages('CGENERAL')[0]);
    expect(await Promise.race([answer.then(() => 'answered'), 'not yet'])).toBe('not yet');
    expect(await outcome(answer)).toBe('ok');
  });

  test('the page’s switches are such faults', async () => {
    const outcomes = [];
    for (const name of [
      'slack-busy',
      'slack-broken',
      'slack-drops-line',
      'slack-token-revoked',
      'slack-no-history',
    ]) {
      await slack.perform({ do: 'set-fault', name, isOn: true });
      outcomes.push([
        name,
        await outcome(post()),
        await outcome(client.conversations.history({ channel: 'CGENERAL' })),
      ]);
      await slack.perform({ do: 'set-fault', name, isOn: false });
    }
    expect(outcomes).toEqual([
      ['slack-busy', ErrorCode.RateLimitedError, ErrorCode.RateLimitedError],
      ['slack-broken', ErrorCode.HTTPError, ErrorCode.HTTPError],
      ['slack-drops-line', ErrorCode.RequestError, 'ok'],
      ['slack-token-revoked', 'token_revoked', 'token_revoked'],
      ['slack-no-history', 'ok', 'missing_scope'],
    ]);
    expect(slack.state().faults.every(({ isOn }) => !isOn)).toBe(true);
  });
});

describe('documented limits', () => {
  test('allow a short burst to a channel, then one message a second', async () => {
    let now = 1_700_000_000_000;
    await slack.stop();
    await start({ enforceRateLimits: true, clock: () => now });
    const burst = [
      await outcome(post()),
      await outcome(post()),
      await outcome(post()),
      await outcome(post()),
    ];
    const elsewhere = await outcome(post({ channel: 'COPS' }));
    now += 1_000;
    expect([burst, elsewhere, await outcome(post()), await outcome(post())]).toEqual([
      ['ok', 'ok', 'ok', ErrorCode.RateLimitedError],
      'ok',
      'ok',
      ErrorCode.RateLimitedError,
    ]);
  });

  test('allow fifty edits a minute in all', async () => {
    const now = 1_700_000_000_000;
    await slack.stop();
    await start({ enforceRateLimits: true, clock: () => now });
    const { ts = '' } = await post();
    const outcomes = [];
    for (let n = 0; n < 51; n++) {
      outcomes.push(await outcome(client.chat.update({ channel: 'CGENERAL', ts, text: `edit ${n}` })));
    }
    expect([outcomes.filter((one) => one === 'ok').length, outcomes.at(-1)]).toEqual([
      50,
      ErrorCode.RateLimitedError,
    ]);
  });
});
