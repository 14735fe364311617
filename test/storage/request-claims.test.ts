import { expect, test } from 'vitest';
import { createRequestClaims, workerLivesMs } from '../../src/storage/dynamodb/request-claims.ts';
import { now } from '../support/builders.ts';
import { createLocalTable } from './local-table.ts';
import { rowsOf } from './table-rows.ts';

const signature = `v0=${'a1'.repeat(32)}`;

function aTable() {
  const table = createLocalTable();
  const rows = rowsOf(table);
  const clock = { now };
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id-${ids}`;
  };
  const aProcess = () => createRequestClaims({ rows, clock: () => clock.now, newId });
  return { table, rows, clock, aProcess };
}

test('one of many processes with the same request answers it', async () => {
  const { aProcess } = aTable();
  const answers = await Promise.all(Array.from({ length: 9 }, () => aProcess().claim(signature)));
  expect(answers.toSorted()).toEqual([...Array(8).fill('elsewhere'), 'ours']);
});

test('each request has its own claim', async () => {
  const { aProcess } = aTable();
  const { claim } = aProcess();
  expect([await claim(signature), await claim(`${signature.slice(0, -1)}f`)]).toEqual(['ours', 'ours']);
});

test('a process that has died before it answered: one of those that get the request again tells the person', async () => {
  const { clock, aProcess } = aTable();
  await aProcess().claim(signature);
  clock.now += workerLivesMs - 1;
  expect(await aProcess().claim(signature)).toBe('elsewhere');
  clock.now += 1;
  const again = await Promise.all(Array.from({ length: 3 }, () => aProcess().claim(signature)));
  expect(again.toSorted()).toEqual(['elsewhere', 'elsewhere', 'interrupted']);
  clock.now += workerLivesMs;
  expect(await aProcess().claim(signature)).toBe('elsewhere');
});

test('nobody takes over what is answered while the request is valid', async () => {
  const { table, clock, aProcess } = aTable();
  const { claim, answered } = aProcess();
  await claim(signature);
  await answered(signature);
  // Signed with a clock that is nine minutes ahead, and accepted until nine minutes after.
  const tooOldMs = 18 * 60_000;
  clock.now += tooOldMs;
  expect(await aProcess().claim(signature)).toBe('elsewhere');
  const [row] = table.items.values();
  expect(Number(row?.['expiresAt']?.N) * 1_000).toBeGreaterThan(now + tooOldMs);
});

/** A request whose claim another version has stored like this, a while ago. */
async function claimedAs(state: string) {
  const { rows, clock, aProcess } = aTable();
  await aProcess().claim(signature);
  const [claim] = await rows.all();
  if (claim) await rows.write({ ...claim, version: 2, state });
  clock.now += 2 * workerLivesMs;
  return { claim: () => aProcess().claim(signature) };
}

test.each([
  ['an older version, which does not say when', { by: 'id-1' }],
  ['a version that says it in words', { by: 'id-1', at: 'noon', isAnswered: false }],
  ['something that is no claim', null],
])('counts as answered if it is claimed by %s', async (_, state) => {
  const { claim } = await claimedAs(JSON.stringify(state));
  expect(await claim()).toBe('elsewhere');
});

test("a newer version's claim is understood", async () => {
  const { claim } = await claimedAs(JSON.stringify({ by: 'id-1', at: now, isAnswered: false, more: 1 }));
  expect(await claim()).toBe('interrupted');
});

test('a damaged claim is an error', async () => {
  const { claim } = await claimedAs('{"by":"id-1","at"');
  await expect(claim()).rejects.toThrow();
});

test('a claim survives throttling, and is recognized when its answer was lost', async () => {
  const { table, aProcess } = aTable();
  table.faults.push('throttled', 'written but the line broke');
  expect(await aProcess().claim(signature)).toBe('ours');
  expect(await aProcess().claim(signature)).toBe('elsewhere');
});

test('a claim is not a watch, contains no signature, and expires within a day', async () => {
  const { table, rows, aProcess } = aTable();
  await aProcess().claim(signature);
  expect(await rows.live()).toEqual([]);
  expect(JSON.stringify([...table.items])).not.toContain(signature.slice(3));
  const [row] = table.items.values();
  expect(Number(row?.['expiresAt']?.N) * 1_000).toBeLessThan(now + 86_400_000);
});
