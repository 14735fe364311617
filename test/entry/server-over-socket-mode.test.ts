import { describe, expect, test } from 'vitest';
import { appToken } from '../sandbox/slack/test-workspace.ts';
import { freePort } from '../support/free-port.ts';
import { serversOfEachTest, within } from '../support/servers-of-each-test.ts';

const { stage, open, spawn, cards, ask } = serversOfEachTest();

describe('the server over Socket Mode', () => {
  const openSocket = () => open({ SLACK_APP_TOKEN: appToken });
  const opened = () => stage().slack.callsOf('apps.connections.open').length;

  test('stays up after Slack refreshes and cuts its connections', async () => {
    const server = await openSocket();
    expect(await ask()).toEqual({ ok: true });
    for (const trouble of [stage().slack.refreshConnections, stage().slack.cutConnections]) {
      const before = opened();
      trouble();
      await expect.poll(opened, within).toBe(before + 1);
      await expect.poll(stage().slack.connectionCount, within).toBe(1);
      await expect.poll(() => ask().then(({ ok }) => ok), within).toBe(true);
    }
    await expect.poll(cards, within).toHaveLength(3);
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
  });

  test('answers a command even if its acknowledgment is lost', async () => {
    await openSocket();
    const asked = ask();
    stage().slack.cutConnections();
    expect((await asked).ok).toBe(false);
    await expect.poll(cards, within).toHaveLength(1);
  });

  test('reconnects while Slack is down', async () => {
    await openSocket();
    stage().slack.faults.add({ kind: 'server-error', method: 'apps.connections.open', times: 2 });
    stage().slack.cutConnections();
    await expect.poll(stage().slack.connectionCount, within).toBe(0);
    await expect.poll(stage().slack.connectionCount, within).toBe(1);
  });

  test.each(['invalid_auth', 'missing_scope'])(
    'exits with 1 when Slack no longer lets it connect: %s',
    async (error) => {
      const server = await openSocket();
      stage().slack.faults.add({ kind: 'error', method: 'apps.connections.open', error });
      stage().slack.cutConnections();
      expect(await server.exit()).toEqual({ code: 1, signal: null });
      expect(server.lines().find(({ msg }) => msg === 'stopping')).toMatchObject({
        why: `Slack refused apps.connections.open: ${error}`,
      });
    },
  );

  describe('when no connection can be made', () => {
    const answerOf = async (port: number, path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, body: await response.text() };
    };
    const troubles = [
      ['HTTP 409', { kind: 'server-error', status: 409, method: 'socket' }],
      ['too_many_websockets', { kind: 'error', error: 'too_many_websockets', method: 'socket' }],
      ['UND_ERR_SOCKET', { kind: 'reset', method: 'socket' }],
      ['HTTP 503', { kind: 'server-error', status: 503, method: 'apps.connections.open' }],
      ['internal_error', { kind: 'error', error: 'internal_error', method: 'apps.connections.open' }],
    ] as const;

    test.each(troubles)('log, metrics and the start say why: %s', async (why, fault) => {
      const mend = stage().slack.faults.add(fault);
      const port = await freePort();
      const server = spawn({ SLACK_APP_TOKEN: appToken, PORT: String(port) });
      await expect
        .poll(() => server.lines().find(({ msg }) => msg === 'Socket Mode cannot connect to Slack'), within)
        .toMatchObject({ level: 'warn', why });
      await expect
        .poll(() => answerOf(port, '/readyz'), within)
        .toEqual({
          status: 503,
          body: expect.stringContaining(`is not connected yet (${why})`),
        });
      const { body } = await answerOf(port, '/metrics');
      expect(body).toContain('dlq_tasks_socket_connected 0');
      expect(body).toMatch(new RegExp(`dlq_tasks_socket_failures_total\\{reason="${why}"\\} [1-9]`));
      mend();
      await server.ready();
      expect((await answerOf(port, '/readyz')).status).toBe(200);
      expect((await answerOf(port, '/metrics')).body).toContain('dlq_tasks_socket_connected 1');
      expect((await ask()).ok).toBe(true);
    });

    test('logs it once while it keeps retrying, and again when it is back', async () => {
      const server = await openSocket();
      const mend = stage().slack.faults.add({ kind: 'server-error', status: 409, method: 'socket' });
      stage().slack.cutConnections();
      await expect.poll(opened, within).toBeGreaterThan(3);
      mend();
      const about = () =>
        server
          .lines()
          .filter(({ msg }) => /connect/.test(String(msg)))
          .map(({ msg, why }) => [msg, why]);
      await expect.poll(about, within).toEqual([
        ['Socket Mode connection closed', 'connection closed'],
        ['Socket Mode cannot connect to Slack', 'HTTP 409'],
        ['Socket Mode is connected again', undefined],
      ]);
    });
  });

  test('ignores undocumented messages, and accepts the next request', async () => {
    const server = await openSocket();
    const odd = [
      'null',
      '7',
      '[]',
      'no JSON',
      '',
      '{}',
      '{"type":null}',
      '{"type":"slash_commands","payload":{}}',
      '{"type":"slash_commands","envelope_id":7,"payload":{}}',
      '{"type":"slash_commands","envelope_id":"e1"}',
      '{"type":"events_api","envelope_id":"e2","payload":{"event":null}}',
      '{"type":"events_api","envelope_id":"e3","payload":{"event":{"type":"slack_event"}}}',
      '{"type":"close","envelope_id":"e4","payload":{}}',
      '{"type":"something_new","envelope_id":"e5","payload":{}}',
      Buffer.from([0, 1, 2]),
    ];
    const hollow = [
      '{"type":"interactive","envelope_id":"e6","payload":{}}',
      '{"type":"interactive","envelope_id":"e7","payload":{"type":"block_actions","actions":null,"user":null}}',
      '{"type":"slash_commands","envelope_id":"e8","payload":{"command":"/dlq-tasks"}}',
      '{"type":"events_api","envelope_id":"e9","payload":{"event":{"type":"app_mention"}}}',
    ];
    for (const frame of [...odd, ...hollow]) stage().slack.sendFrame(frame);
    const passedOver = () =>
      server.lines().filter(({ msg }) => String(msg).includes('ignored an unexpected Socket Mode message'));
    await expect.poll(passedOver, within).toHaveLength(odd.length);
    expect(await ask()).toEqual({ ok: true });
    await expect.poll(cards, within).toHaveLength(1);
    expect(opened()).toBe(1);
  });
});
