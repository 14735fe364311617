import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createDiscovery } from '../../src/aws/queue-directory.ts';
import { discover } from '../../src/cli/discover-command.ts';
import { paintWith } from '../../src/cli/terminal.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { createCliPorts } from '../../src/entry/cli-ports.ts';
import {
  aSession,
  sqsAnswer,
  sqsError,
  startWireServer,
  stsError,
  type WireServer,
} from '../aws/wire-server.ts';
import { mostInASecond } from '../support/many-queues.ts';
import { stubAws } from './doctor-world.ts';

const prod = '111122223333';
const billing = '444455556666';
const regions = ['eu-west-1', 'us-east-1', 'ap-south-1'];

const settings = `# Ours.
accounts:
  prod: # the shop
    id: "${prod}"
    roleArn: arn:aws:iam::${prod}:role/dlq-tasks-status
  billing:
    id: "${billing}"
    roleArn: arn:aws:iam::${billing}:role/dlq-tasks-status
queues:
    # Ask Ann about it.
    work-0: arn:aws:sqs:eu-west-1:${prod}:eu-work-0-dlq     # the oldest
# The end.
`;

/** Each region has 112 DLQs of two queues each, and the first one has one queue more. */
const names = (region: string) => {
  const some = Array.from({ length: 111 + (region === 'eu-west-1' ? 1 : 0) }, (_, i) => {
    const stem = `${region.slice(0, 2)}-work-${i}`;
    return [stem, `${stem}-retry`, `${stem}-dlq`];
  });
  return [...some.flat(), 'alone'];
};
const dlqs = regions
  .flatMap((region) =>
    names(region)
      .filter((name) => name.endsWith('-dlq'))
      .map((name) => `arn:aws:sqs:${region}:${prod}:${name}`),
  )
  .toSorted();

const pageSize = 150;

/** SQS with pages, throttling at first for longer than the SDK retries; STS refuses one of the roles. */
function play(wire: WireServer) {
  const pages: string[] = [];
  const moments = new Map(regions.map((region) => [region, [] as number[]]));
  const throttles = { pages: 2, attributes: 95 };
  wire.sts = ({ body }) => {
    if (body.includes('GetCallerIdentity')) return callerIdentity;
    return body.includes(billing) ? stsError(403, 'AccessDenied') : aSession();
  };
  wire.sqs = ({ body, region }) => {
    moments.get(region)?.push(Date.now());
    const { QueueUrl, NextToken = '0' } = JSON.parse(body);
    const asked = QueueUrl === undefined ? 'pages' : 'attributes';
    throttles[asked] -= 1;
    if (throttles[asked] >= 0) return sqsError(400, 'com.amazonaws.sqs#RequestThrottled', 'RequestThrottled');
    if (QueueUrl === undefined) {
      pages.push(region);
      const end = Number(NextToken) + pageSize;
      const some = names(region).slice(Number(NextToken), end);
      const QueueUrls = some.map((name) => `https://sqs.${region}.amazonaws.com/${prod}/${name}`);
      return sqsAnswer({ QueueUrls, ...(names(region).length > end && { NextToken: String(end) }) });
    }
    const name = String(QueueUrl).split('/').at(-1) ?? '';
    if (name.endsWith('-dlq') || name === 'alone') return sqsAnswer({});
    const deadLetterTargetArn = `arn:aws:sqs:${region}:${prod}:${name.replace(/-retry$/, '')}-dlq`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
    return sqsAnswer({ Attributes: { RedrivePolicy } });
  };
  return { pages, moments: [...moments.values()] };
}

const callerIdentity = {
  headers: { 'content-type': 'text/xml' },
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::999900001111:user/ann</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
};

/** The output on the terminal, and the exit code. */
async function found(path: string) {
  const discovery = createDiscovery();
  const said = { out: '', err: '' };
  const output = (name: 'out' | 'err') => ({
    write: (text: string) => {
      said[name] += text;
    },
    isTty: false,
    columns: 100,
    paint: paintWith(false),
  });
  const call = {
    env: { DLQ_TASKS_CONFIG: path },
    clock: Date.now,
    interruption: () => new AbortController().signal,
    words: [],
    options: { write: true, region: regions },
    out: output('out'),
    err: output('err'),
    ports: createCliPorts({ clock: Date.now }),
  };
  const code = await discover(call, discovery).finally(discovery.stop);
  return { code, ...said };
}

/**
 * 1,000 queues in 3 regions, one role refused, throttling: the result is complete, and a second run adds
 * nothing. Returns when each region was called in the first run.
 */
async function discoverMany(): Promise<number[][]> {
  expect(regions.flatMap(names).length).toBeGreaterThanOrEqual(1_000);
  const wire = await startWireServer();
  stubAws({ sqs: wire.url, sts: wire.url });
  const { pages, moments } = play(wire);
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-discover-'));
  const path = join(folder, 'dlq-tasks.yml');
  await writeFile(path, settings);

  const first = await found(path);
  const asked = moments.map((some) => [...some]);
  const text = await readFile(path, 'utf8');
  const parsed = parseSettings(text);
  const listed = parsed.ok ? parsed.settings.queues.map(({ arn }) => arn) : [];
  expect(listed.toSorted()).toEqual(dlqs);
  expect(text.split('\n').filter((line) => !line.includes('# DLQ of'))).toEqual(settings.split('\n'));
  expect(first).toMatchObject({ code: 1, out: `Added to ${path}: ${dlqs.length - 1} DLQs.\n` });
  expect(first.err.match(/✗.*/g)).toEqual([
    `✗ Couldn't list the queues of billing in ${regions.join(', ')}: arn:aws:iam::${billing}:role/dlq-tasks-status can't be assumed.`,
  ]);
  expect(pages.toSorted()).toEqual(regions.flatMap((region) => [region, region, region]).toSorted());

  expect((await found(path)).out).toBe('');
  expect(await readFile(path, 'utf8')).toBe(text);
  await rm(folder, { recursive: true });
  await wire.stop();
  vi.unstubAllEnvs();
  return asked;
}

test('checks 1,000 queues with at most 20 calls a second in each region', async () => {
  for (const moments of await discoverMany()) {
    expect(moments.length).toBeGreaterThan(330);
    expect(mostInASecond(moments)).toBeLessThanOrEqual(20);
  }
});
