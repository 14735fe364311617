import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { writeLocalhostCertificate } from '../support/localhost-certificate.ts';
import { serversOfEachTest, within } from '../support/servers-of-each-test.ts';
import { startTlsFront } from '../support/tls-front.ts';

const { stage, open, cards, ask } = serversOfEachTest();

let proxy: Awaited<ReturnType<typeof startConnectProxy>>;
let certificate: Awaited<ReturnType<typeof writeLocalhostCertificate>>;
let fronts: Record<'slack' | 'sqs' | 'sts', Awaited<ReturnType<typeof startTlsFront>>>;
beforeEach(async () => {
  const { slack, aws, config } = stage();
  certificate = await writeLocalhostCertificate(dirname(config));
  proxy = await startConnectProxy();
  fronts = {
    slack: await startTlsFront(slack.apiUrl, certificate),
    sqs: await startTlsFront(aws.sqsUrl, certificate),
    sts: await startTlsFront(aws.stsUrl, certificate),
  };
});
afterEach(() => {
  for (const { stop } of Object.values(fronts)) stop();
  proxy.stop();
});

const openBehindProxy = () =>
  open({
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: certificate.file,
    SLACK_API_URL: fronts.slack.url,
    AWS_ENDPOINT_URL_SQS: fronts.sqs.url,
    AWS_ENDPOINT_URL_STS: fronts.sts.url,
  });
const ephemeral = () =>
  stage()
    .slack.callsOf('chat.postEphemeral')
    .map(({ args }) => String(args['text']));

test('Slack, STS and SQS are asked through the proxy that Node is told to use', async () => {
  await openBehindProxy();
  await ask();
  await expect.poll(cards, within).toHaveLength(1);
  expect([...new Set(proxy.asked)].toSorted()).toEqual(
    Object.values(fronts)
      .map(({ host }) => host)
      .toSorted(),
  );
});

test('a proxy that refuses costs an answer, not the bot', async () => {
  const server = await openBehindProxy();
  proxy.refuse([fronts.sts.host]);
  await ask();
  await expect
    .poll(ephemeral, within)
    .toEqual([expect.stringContaining('did not answer (`ERR_PROXY_TUNNEL`)')]);
  proxy.refuse([fronts.slack.host]);
  await ask();
  await expect.poll(() => server.said(), within).toContain('Slack took no private answer');
  proxy.refuse([]);
  await ask();
  await expect.poll(cards, within).toHaveLength(1);
});
