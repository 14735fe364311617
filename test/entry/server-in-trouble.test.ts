import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { bundleAt } from '../support/bundles.ts';
import { parsePrometheus } from '../support/prometheus-text.ts';
import { orders } from '../support/server-stage.ts';
import { running, serversOfEachTest } from '../support/servers-of-each-test.ts';

const { stage, open, cards, ask, askedOf } = serversOfEachTest();
const within = { timeout: 20_000 };
const day = 24 * 3_600_000;

type Server = Awaited<ReturnType<typeof open>>;
const faultsFile = () => join(stage().variables['DLQ_TASKS_DATA'] ?? '', '..', 'faults.json');

beforeEach(async () => {
  const settings = await readFile(stage().config, 'utf8');
  await writeFile(stage().config, `${settings}\nwatch: { minPollSeconds: 1, maxPollSeconds: 2 }\n`);
});

/** The real server; a test can change its clock and fill its disk. */
const openWithFaults = () =>
  open({ NODE_OPTIONS: `--import=${bundleAt('faults-on-signal')}`, FAULTS: faultsFile() });

async function set(server: Server, faults: { clockAheadMs?: number; diskFull?: boolean }): Promise<void> {
  const before = timesSet(server);
  await writeFile(faultsFile(), JSON.stringify({ clockAheadMs: 0, diskFull: false, ...faults }));
  server.signal('SIGUSR2');
  await expect.poll(() => timesSet(server), within).toBe(before + 1);
}
const timesSet = (server: Server) => server.lines().filter(({ msg }) => msg === 'faults are set').length;

async function readiness({ port }: Server): Promise<{ status: number; because?: string[] }> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  const { because } = (await answer.json()) as { because?: string[] };
  return { status: answer.status, ...(because && { because }) };
}

async function isStoreFailing({ port }: Server): Promise<number | undefined> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return parsePrometheus(text).samples.find(({ name }) => name === 'dlq_tasks_store_failing')?.value;
}

async function newCards(count: number) {
  for (let asked = 0; asked < count; asked += 1) await ask();
  await expect.poll(cards, within).toHaveLength(count);
  return cards();
}
const clicks = (person: string, words: string, card: { channel: string; ts: string }) =>
  stage().slack.as(person).clicks(card, words);
const threadOf = ({ channel, ts }: { channel: string; ts: string }) =>
  stage().slack.thread(channel, ts).slice(1);
const endsIn = (card: { channel: string; ts: string }) =>
  threadOf(card).filter((reply) => JSON.stringify(reply).includes('/ended"')).length;
const toBob = () =>
  stage()
    .slack.privateWords('UBOB')
    .map(({ text }) => text);
const ends = () =>
  stage().aws.script(orders.arn, [
    [{ ...running, Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1_000, TaskHandle: undefined }],
  ]);

test('a clock change while the server runs delays nothing, and the end is reported', async () => {
  const server = await openWithFaults();
  const [card] = await newCards(1);
  if (!card) throw new Error('no card');
  await clicks('UANN', 'Watch', card);
  for (const clockAheadMs of [-5 * 60_000, -3_600_000, 3 * day]) {
    await set(server, { clockAheadMs });
    const before = askedOf('ListMessageMoveTasks');
    await expect.poll(() => askedOf('ListMessageMoveTasks'), { timeout: 8_000 }).toBeGreaterThan(before + 1);
    expect(await readiness(server)).toEqual({ status: 200 });
  }
  ends();
  await expect.poll(() => endsIn(card), within).toBe(1);
  expect(threadOf(card)).toHaveLength(2);
}, 60_000);

describe('while nothing can be saved', () => {
  test('because the disk is full, the server tells the people concerned, and delivers everything once there is room', async () => {
    const server = await openWithFaults();
    const [first, ...others] = await newCards(8);
    if (!first) throw new Error('no card');
    await clicks('UANN', 'Watch', first);
    await set(server, { diskFull: true });
    const answers: { ok: boolean }[] = [];
    for (const card of others) answers.push(await clicks('UBOB', 'Watch', card));
    const refused = answers.filter(({ ok }) => !ok).length;
    expect(refused).toBeGreaterThan(0);
    await expect.poll(() => toBob().length, within).toBe(refused);
    expect(toBob()[0]).toMatch(/^⚠️ \*Nothing was changed:\* the data folder's disk is full\.\n/);
    expect([await readiness(server), await isStoreFailing(server)]).toEqual([
      {
        status: 503,
        because: [
          expect.stringMatching(
            /^the data folder's disk is full \[\S+\/data\/watches\.sqlite\]: free some space; the bot then continues on its own$/,
          ),
        ],
      },
      1,
    ]);
    await ask();
    await expect.poll(cards, within).toHaveLength(9);
    ends();
    await sleep(3_000);
    expect(endsIn(first)).toBe(0);
    expect(server.lines().filter(({ level }) => level === 'error')).toHaveLength(1);
    await set(server, { diskFull: false });
    await expect.poll(() => endsIn(first), within).toBe(1);
    expect([await readiness(server), await isStoreFailing(server)]).toEqual([{ status: 200 }, 0]);
    const watched = others.filter((_, index) => answers[index]?.ok);
    await expect.poll(() => watched.map(endsIn), within).toEqual(watched.map(() => 1));
  }, 90_000);

  test('because the data folder is deleted, it accepts no watch; once the folder is back, none is lost, even with kill -9', async () => {
    const folder = stage().variables['DLQ_TASKS_DATA'] ?? '';
    const server = await open();
    const [first, second] = await newCards(2);
    if (!first || !second) throw new Error('no card');
    await clicks('UANN', 'Watch', first);
    await rm(folder, { recursive: true });
    expect((await clicks('UBOB', 'Watch', second)).ok).toBe(false);
    await expect.poll(toBob, within).toHaveLength(1);
    expect([toBob()[0]?.split('\n')[0], (await readiness(server)).because]).toEqual([
      '⚠️ *Nothing was changed:* the data folder is gone.',
      [expect.stringMatching(/^the data folder is gone \[\S+\/watches\.sqlite\]: create it again, empty/)],
    ]);
    await mkdir(folder);
    await expect.poll(() => readiness(server), within).toEqual({ status: 200 });
    expect(await clicks('UBOB', 'Watch', second)).toEqual({ ok: true });
    server.signal('SIGKILL');
    await server.exit();
    ends();
    await open();
    await expect.poll(() => [first, second].map(endsIn), within).toEqual([1, 1]);
  }, 90_000);
});
