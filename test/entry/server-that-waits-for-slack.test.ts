import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { freePort } from '../support/free-port.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { serversOfEachTest, within } from '../support/servers-of-each-test.ts';

const { stage, spawn } = serversOfEachTest();

async function readiness(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return response ? `${response.status} ${await response.text()}` : 'no port';
}

const warningsOf = (server: ServerProcess) =>
  server
    .lines()
    .filter(({ level }) => level !== 'debug' && level !== 'info')
    .map(({ msg, why }) => [msg, why]);

describe('a server that waits for Slack at the start', () => {
  test.each([
    ['HTTP 502', { kind: 'server-error', status: 502 }],
    ['team_added_to_org', { kind: 'error', error: 'team_added_to_org' }],
    ['rate limited', { kind: 'rate-limited', retryAfterSeconds: 1 }],
  ] as const)('says why once, and becomes ready on its own: %s', async (why, fault) => {
    stage().slack.faults.add({ ...fault, method: 'auth.test', times: 2 });
    const port = await freePort();
    const server = spawn({ PORT: String(port) });
    await expect
      .poll(() => readiness(port), within)
      .toBe(`503 {"status":"not ready","because":["waiting for Slack to answer auth.test (${why})"]}\n`);
    await server.ready();
    await expect.poll(() => readiness(port), within).toBe('200 {"status":"ready"}\n');
    expect(warningsOf(server)).toEqual([['waiting for Slack to answer auth.test; retrying', why]]);
  });

  test('nothing answers yet', async () => {
    const [port, slackPort] = [await freePort(), await freePort()];
    const server = spawn({ PORT: String(port), SLACK_API_URL: `http://127.0.0.1:${slackPort}/api/` });
    await expect.poll(() => readiness(port), within).toContain('(ECONNREFUSED)');
    const slack = await startTestSlack({ port: slackPort });
    await server.ready();
    expect(await readiness(port)).toMatch(/^200 /);
    await slack.stop();
  });

  test('Slack returns a page instead of an answer, and the server is told to stop meanwhile', async () => {
    const captive = createServer((_request, response) => response.end('<html>Maintenance</html>')).listen(0);
    await once(captive, 'listening');
    const port = await freePort();
    const apiUrl = `http://127.0.0.1:${(captive.address() as AddressInfo).port}/api/`;
    const server = spawn({ PORT: String(port), SLACK_API_URL: apiUrl });
    await expect.poll(() => readiness(port), within).toContain('(not a Slack response)');
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(server.said()).not.toContain('Maintenance');
    captive.close();
  });
});
