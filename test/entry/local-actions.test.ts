import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLocalActions } from '../../src/entry/local-actions.ts';
import { openActionRecord } from '../../src/storage/sqlite/sqlite-action-store.ts';
import { approver, requester } from '../domain/actions/an-action.ts';
import { aPerson, aWorld, form, lostAnswer, place, type World } from '../operations/actions/a-world.ts';
import { aTask, now } from '../support/builders.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'bot-'));
const open = (world: World, dataFolder: string) => openLocalActions({ ...world.ports, dataFolder });

async function requested(world: World, bot: Awaited<ReturnType<typeof open>>) {
  if (!world.queue) throw new Error('There is no queue.');
  const answer = await bot.request({ queue: world.queue, person: aPerson(requester), place, form });
  if (answer.kind !== 'requested') throw new Error(`It was ${answer.kind}.`);
  return { id: answer.action.id, person: aPerson(approver), channel: place.channel };
}

async function cancelled(world: World, bot: Awaited<ReturnType<typeof open>>): Promise<void> {
  if (!world.queue) throw new Error('There is no queue.');
  const startedAt = now - 60_000;
  world.list(aTask({ startedAt }));
  await bot.cancel({ queue: world.queue, person: aPerson(requester), place, startedAt });
}

test('a request survives the process, and its approval in the next one starts it once', async () => {
  const [world, folder] = [aWorld(), newFolder()];
  const first = await open(world, folder);
  const decision = await requested(world, first);
  await first.stop();
  const second = await open(world, folder);
  await second.tick();
  await Promise.all([second.approve(decision), second.approve(decision)]);
  await second.stop();
  const record = openActionRecord(folder);
  expect([world.starts, (await record?.list({ atMost: 9 }))?.map(({ state }) => state)]).toEqual([
    1,
    ['started'],
  ]);
  record?.close();
});

test('the next process resolves a lost answer', async () => {
  const [world, folder] = [aWorld({ answers: () => lostAnswer }), newFolder()];
  const first = await open(world, folder);
  const decision = await requested(world, first);
  await first.approve(decision);
  await first.stop();
  const second = await open(world, folder);
  world.now += 5_000;
  await second.tick();
  expect([(await second.read(decision.id))?.state, world.starts]).toEqual(['started', 1]);
  await second.stop();
});

test("starts nothing that can't be stored", async () => {
  const [world, folder] = [aWorld(), newFolder()];
  const bot = await open(world, folder);
  const decision = await requested(world, bot);
  rmSync(folder, { recursive: true });
  await expect(bot.approve(decision)).rejects.toThrow('the data folder is gone');
  expect([world.starts, bot.trouble()?.kind]).toEqual([0, 'folder-gone']);
  await bot.stop();
});

const foundOut = {
  start: ['requested', 'starting', 'unsure', 'started'],
  cancel: ['cancelling', 'unsure', 'cancelled'],
};

test.each(['start', 'cancel'] as const)(
  'the file is gone when AWS answers a %s: the bot calls once and resolves it',
  async (kind) => {
    const [world, folder] = [aWorld(), newFolder()];
    const bot = await open(world, folder);
    world.answers = () => {
      rmSync(join(folder, 'actions.sqlite'));
      return { kind: 'accepted', requestId: 'r1' };
    };
    if (kind === 'start') await bot.approve(await requested(world, bot));
    else await cancelled(world, bot);
    for (let second = 0; second < 15; second += 1) {
      world.now += 1_000;
      await bot.tick();
    }
    await bot.stop();
    const record = openActionRecord(folder);
    const [action] = (await record?.list({ atMost: 1 })) ?? [];
    const states = (await record?.record(action?.id ?? ''))?.map(({ action: { state } }) => state);
    expect([states, world.starts + world.cancels.length]).toEqual([foundOut[kind], 1]);
    record?.close();
  },
);
