import { expect, test } from 'vitest';
import { createRequestClaims } from '../../src/storage/dynamodb/request-claims.ts';
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
  expect(answers.filter((isOurs) => isOurs)).toHaveLength(1);
});

test('each request has its own claim', async () => {
  const { aProcess } = aTable();
  const { claim } = aProcess();
  expect([await claim(signature), await claim(`${signature.slice(0, -1)}f`)]).toEqual([true, true]);
});

test("a dead process's claim is not taken over while the request is valid", async () => {
  const { table, clock, aProcess } = aTable();
  await aProcess().claim(signature);
  // Signed with a clock that is eight minutes ahead, and accepted until eight minutes after.
  const tooOldMs = 16 * 60_000;
  clock.now += tooOldMs;
  expect(await aProcess().claim(signature)).toBe(false);
  const [row] = table.items.values();
  expect(Number(row?.['expiresAt']?.N) * 1_000).toBeGreaterThan(now + tooOldMs);
});

test('a claim survives throttling, and is recognized when its answer was lost', async () => {
  const { table, aProcess } = aTable();
  table.faults.push('throttled', 'written but the line broke');
  expect(await aProcess().claim(signature)).toBe(true);
  expect(await aProcess().claim(signature)).toBe(false);
});

test('a claim is not a watch, contains no signature, and expires within a day', async () => {
  const { table, rows, aProcess } = aTable();
  await aProcess().claim(signature);
  expect(await rows.live()).toEqual([]);
  expect(JSON.stringify([...table.items])).not.toContain(signature.slice(3));
  const [row] = table.items.values();
  expect(Number(row?.['expiresAt']?.N) * 1_000).toBeLessThan(now + 86_400_000);
});
