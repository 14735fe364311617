import { spawn as spawnProcess } from 'node:child_process';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appToken } from '../sandbox/slack/test-workspace.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { freePort } from '../support/free-port.ts';
import { writeLocalhostCertificate } from '../support/localhost-certificate.ts';
import { serversOfEachTest, within } from '../support/servers-of-each-test.ts';
import { startTlsFront } from '../support/tls-front.ts';

const { stage, open, spawn, cards, ask } = serversOfEachTest();

let proxy: Awaited<ReturnType<typeof startConnectProxy>>;
let certificate: Awaited<ReturnType<typeof writeLocalhostCertificate>>;
let fronts: Record<'slack' | 'socket' | 'sqs' | 'sts', Awaited<ReturnType<typeof startTlsFront>>>;
beforeEach(async () => {
  const { slack, aws, config } = stage();
  certificate = await writeLocalhostCertificate(dirname(config));
  proxy = await startConnectProxy();
  fronts = {
    slack: await startTlsFront(slack.apiUrl, certificate),
    socket: await startTlsFront(slack.url, certificate),
    sqs: await startTlsFront(aws.sqsUrl, certificate),
    sts: await startTlsFront(aws.stsUrl, certificate),
  };
  slack.setSocketUrl(fronts.socket.url);
});
afterEach(() => {
  for (const { stop } of Object.values(fronts)) stop();
  proxy.stop();
});

const behindProxy = () => ({
  NODE_USE_ENV_PROXY: '1',
  HTTPS_PROXY: proxy.url,
  NODE_EXTRA_CA_CERTS: certificate.file,
  SLACK_API_URL: fronts.slack.url,
  AWS_ENDPOINT_URL_SQS: fronts.sqs.url,
  AWS_ENDPOINT_URL_STS: fronts.sts.url,
});
const openBehindProxy = (changes: Record<string, string> = {}) => open({ ...behindProxy(), ...changes });
const ephemeral = () =>
  stage()
    .slack.callsOf('chat.postEphemeral')
    .map(({ args }) => String(args['text']));

test('Slack, STS and SQS are asked through the proxy that Node is told to use', async () => {
  await openBehindProxy();
  await ask();
  await expect.poll(cards, within).toHaveLength(1);
  const { slack, sqs, sts } = fronts;
  expect([...new Set(proxy.asked)].toSorted()).toEqual([slack, sqs, sts].map(({ host }) => host).toSorted());
});

/** Until then Slack's acceptance may be on its way, and a tunnel that closes costs another attempt. */
const answered = (server: { lines(): Record<string, unknown>[] }) =>
  server.lines().filter(({ msg }) => msg === 'answered');

test('a proxy that refuses does not crash the bot', async () => {
  const server = await openBehindProxy();
  proxy.refuse([fronts.sts.host]);
  await ask();
  await expect.poll(() => answered(server), within).toHaveLength(1);
  expect(ephemeral().at(-1)).toContain('ERR_PROXY_TUNNEL');
  proxy.refuse([fronts.slack.host]);
  await ask();
  await expect.poll(() => server.said(), within).toContain('Slack did not accept a private answer');
  proxy.refuse([]);
  await ask();
  await expect.poll(cards, within).toHaveLength(1);
});

describe('Socket Mode', () => {
  const openSocket = (changes: Record<string, string> = {}) =>
    openBehindProxy({ SLACK_APP_TOKEN: appToken, ...changes });
  const readyz = async (port: number) => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return `${response.status} ${await response.text()}`;
  };
  const whySaid = (server: { lines(): Record<string, unknown>[] }) =>
    server
      .lines()
      .filter(({ msg }) => msg === 'Socket Mode cannot connect to Slack')
      .map(({ why }) => why);

  test('goes through the same proxy', async () => {
    await openSocket();
    expect((await ask()).ok).toBe(true);
    expect(proxy.asked).toContain(fronts.socket.host);
  });

  test('bypasses the proxy where NO_PROXY says so', async () => {
    await openSocket({ NO_PROXY: `example.org,${fronts.socket.host}` });
    expect((await ask()).ok).toBe(true);
    expect(proxy.asked).not.toContain(fronts.socket.host);
    expect(proxy.asked).toContain(fronts.slack.host);
  });

  test.each([
    ['403 Forbidden', 'HTTP 403 of the proxy'],
    ['407 Proxy Authentication Required', 'HTTP 407 of the proxy'],
    ['', 'ECONNRESET'],
  ])('survives a proxy that refuses it: %s', async (status, why) => {
    const server = await openSocket();
    proxy.refuse([fronts.socket.host], status);
    await expect.poll(() => whySaid(server), within).toEqual([why]);
    expect(await fetch(`http://127.0.0.1:${server.port}/metrics`).then((answer) => answer.text())).toContain(
      'dlq_tasks_socket_connected 0',
    );
    proxy.refuse([]);
    await expect.poll(stage().slack.connectionCount, within).toBe(1);
    expect((await ask()).ok).toBe(true);
    expect(await readyz(server.port)).toMatch(/^200 /);
  });

  test('waits at the start for a proxy that refuses', async () => {
    proxy.refuse([fronts.slack.host], '407 Proxy Authentication Required');
    const port = await freePort();
    const server = spawn({ ...behindProxy(), SLACK_APP_TOKEN: appToken, PORT: String(port) });
    const readiness = () => readyz(port).catch(() => 'no port');
    await expect.poll(readiness, within).toMatch(/^503 .+ \(HTTP 407 of the proxy\)/);
    proxy.refuse([]);
    await server.ready();
    expect(await readyz(port)).toMatch(/^200 /);
  });

  test('is tried by the doctor through the same proxy', async () => {
    const asked = () => proxy.asked.filter((one) => one === fronts.socket.host).length;
    const variables = { ...stage().variables, ...behindProxy(), SLACK_APP_TOKEN: appToken };
    const checked = async (env: Record<string, string>, ...subjects: string[]) => {
      const { checks } = JSON.parse(await said(['doctor', '--json'], env));
      return checks
        .filter(({ subject }: { subject: string }) => subjects.includes(subject))
        .map(({ verdict, finding }: { verdict: string; finding: string }) => `${verdict}: ${finding}`);
    };
    expect(await checked({ ...stage().variables, HTTPS_PROXY: proxy.url }, 'proxy')).toEqual([
      "not-proven: HTTPS_PROXY is set, but Node doesn't use it.",
    ]);
    const { host } = fronts.socket;
    expect(await checked({ ...variables, NO_PROXY: 'example.org' }, 'proxy', 'Socket Mode')).toEqual([
      `ok: Slack, Socket Mode, and AWS use ${new URL(proxy.url).host}, except for example.org`,
      `ok: ${host} is reachable`,
    ]);
    expect(asked()).toBe(1);
    proxy.refuse([host], '403 Forbidden');
    expect(await checked(variables, 'Socket Mode')).toEqual([
      `fault: Couldn't reach ${host} (HTTP 403 of the proxy).`,
    ]);
  }, 60_000);
});

/** The command line's output, in its own process. */
async function said(words: string[], env: Record<string, string>): Promise<string> {
  const command = fileURLToPath(new URL('../../bin/dlq-tasks.js', import.meta.url));
  const child = spawnProcess(process.execPath, [command, ...words], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return text(child.stdout);
}
