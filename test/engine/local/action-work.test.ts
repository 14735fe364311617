import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createActionWork } from '../../../src/engine/local/action-work.ts';
import { createLocalActions } from '../../../src/operations/actions/actions.ts';
import { StoreUnusable } from '../../../src/operations/watching/watch-store.ts';
import { approver } from '../../domain/actions/an-action.ts';
import { aWorld, lostAnswer, peopleOf, type World } from '../../operations/actions/a-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function begin(world: World, isUsable = () => true) {
  const clock = () => world.now;
  const actions = createLocalActions(world.ports, () => work.soon());
  const work = createActionWork({ duties: actions, isUsable, clock, log: world.ports.log });
  work.start();
  const pass = async (seconds: number) => {
    for (let step = 0; step < seconds * 10; step += 1) {
      world.now += 100;
      await vi.advanceTimersByTimeAsync(100);
    }
  };
  return { work, pass, people: peopleOf(world, actions) };
}

describe('the engine of actions in one process', () => {
  test('shows an approval within a second, and its card soon after', async () => {
    const world = aWorld();
    const { work, pass, people } = begin(world);
    const asked = await people.asks();
    await people.approves('action' in asked ? asked.action.id : '', approver);
    await pass(1);
    expect(world.delivered).toContain('card started');
    await work.stop();
  });

  test('reminds and lets expire', async () => {
    const world = aWorld({ rules: { expireAfterMinutes: 2 } });
    const { work, pass, people } = begin(world);
    await people.asks();
    await pass(61);
    expect(world.delivered).toContain('reminder requested');
    await pass(61);
    expect(world.delivered).toContain('outcome expired');
    await work.stop();
  });

  test('finds out the result of a call that an earlier process made', async () => {
    const world = aWorld({ answers: () => lostAnswer });
    const earlier = peopleOf(world);
    const asked = await earlier.asks();
    await earlier.approves('action' in asked ? asked.action.id : '');
    await earlier.actions.settled();
    const { work, pass } = begin(world);
    await pass(10);
    expect([(await earlier.only()).state, world.starts]).toEqual(['started', 1]);
    await work.stop();
  });

  test('a delivery that hangs does not block other actions', async () => {
    const world = aWorld();
    const { deliver } = world.ports.notifier;
    const hanging: string[] = [];
    world.ports.notifier = {
      deliver: (delivery) =>
        hanging.includes(delivery.action.id) ? new Promise<never>(() => undefined) : deliver(delivery),
    };
    const { pass, people } = begin(world);
    const asked = await people.asks();
    const id = 'action' in asked ? asked.action.id : '';
    hanging.push(id);
    void people.withdraws(id);
    await pass(1);
    const next = await people.asks();
    await people.declines('action' in next ? next.action.id : '');
    await pass(1);
    expect(world.delivered).toContain('outcome declined');
  });

  test('does nothing while nothing can be stored, and continues afterwards', async () => {
    const world = aWorld({ rules: { expireAfterMinutes: 2 } });
    let isUsable = false;
    const { work, pass, people } = begin(world, () => isUsable);
    await people.asks();
    await pass(130);
    expect(world.delivered).toEqual(['request requested']);
    isUsable = true;
    await pass(70);
    expect(world.delivered).toContain('outcome expired');
    await work.stop();
  });

  test('a store that fails for a while is not an engine error', async () => {
    const world = aWorld({ rules: { expireAfterMinutes: 2 } });
    const { replace } = world.store;
    const { work, pass, people } = begin(world);
    await people.asks();
    world.store.replace = async () => Promise.reject(new StoreUnusable({ kind: 'disk-full' }));
    await pass(125);
    world.store.replace = replace;
    await pass(5);
    expect(world.delivered).toContain('outcome expired');
    expect(world.logged.filter(({ err }) => err)).toEqual([]);
    await work.stop();
  });
});
