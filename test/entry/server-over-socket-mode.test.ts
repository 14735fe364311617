import { describe, expect, test } from 'vitest';
import { appToken } from '../sandbox/slack/test-workspace.ts';
import { serversOfEachTest, within } from '../support/servers-of-each-test.ts';

const { stage, open, cards, ask } = serversOfEachTest();

describe('the server over Socket Mode', () => {
  const openSocket = () => open({ SLACK_APP_TOKEN: appToken });

  test('is still there after Slack has refreshed and cut its lines', async () => {
    const server = await openSocket();
    expect(await ask()).toEqual({ ok: true });
    for (const trouble of [stage().slack.refreshConnections, stage().slack.cutConnections]) {
      trouble();
      await expect.poll(stage().slack.connectionCount, within).toBe(0);
      await expect.poll(stage().slack.connectionCount, within).toBe(1);
      await expect.poll(() => ask().then(({ ok }) => ok), within).toBe(true);
    }
    await expect.poll(cards, within).toHaveLength(3);
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
  });

  test('answers a command although its acknowledgement got lost', async () => {
    await openSocket();
    const asked = ask();
    stage().slack.cutConnections();
    expect((await asked).ok).toBe(false);
    await expect.poll(cards, within).toHaveLength(1);
  });

  test('calls again while Slack is away', async () => {
    await openSocket();
    stage().slack.faults.add({ kind: 'server-error', method: 'apps.connections.open', times: 2 });
    stage().slack.cutConnections();
    await expect.poll(stage().slack.connectionCount, within).toBe(0);
    await expect.poll(stage().slack.connectionCount, within).toBe(1);
  });

  test.each(['invalid_auth', 'missing_scope'])(
    'ends with 1 when Slack lets it in no more: %s',
    async (error) => {
      const server = await openSocket();
      stage().slack.faults.add({ kind: 'error', method: 'apps.connections.open', error });
      stage().slack.cutConnections();
      expect(await server.exit()).toEqual({ code: 1, signal: null });
      expect(server.lines().find(({ msg }) => msg === 'ending')).toMatchObject({
        why: `Slack refused apps.connections.open: ${error}`,
      });
    },
  );
});
