import { describe, expect, test } from 'vitest';
import type { StoreTrouble } from '../../src/domain/store-trouble.ts';
import { createReadiness, createSlackCheck } from '../../src/entry/readiness.ts';

const minute = 60_000;

/** A bot that has started, on a clock that tests control. */
function aBot() {
  const world = {
    now: 1_000_000,
    refusal: undefined as string | undefined,
    tickedAt: 1_000_000,
    warned: 0,
    trouble: undefined as StoreTrouble | undefined,
  };
  const clock = () => world.now;
  const silent = () => undefined;
  const warn = () => {
    world.warned += 1;
  };
  const slack = createSlackCheck({
    ask: async () => {
      if (world.refusal !== undefined) throw new Error(world.refusal);
    },
    whyFrom: (error) => (error instanceof Error ? error.message : ''),
    clock,
    log: { debug: silent, info: silent, warn, error: silent },
  });
  const readiness = createReadiness({ clock });
  const watcher = {
    tickedAt: () => world.tickedAt,
    counts: () => ({ running: 1 }),
    undelivered: () => ({ notification: 0, cardUpdate: 0 }),
    trouble: () => world.trouble,
  };
  return { world, slack, readiness, watcher };
}

describe('the bot is not ready', () => {
  test('while it is starting or stopping', () => {
    const { slack, readiness, watcher } = aBot();
    const starting = readiness.notReadyBecause();
    readiness.running({ watcher, slack });
    const running = readiness.notReadyBecause();
    readiness.ending();
    expect([starting, running, readiness.notReadyBecause()]).toEqual([
      ['the bot is starting'],
      [],
      ['the bot is shutting down'],
    ]);
  });

  test('when Slack has refused it for minutes, but not after one lost answer', async () => {
    const { world, slack, readiness, watcher } = aBot();
    readiness.running({ watcher, slack });
    world.refusal = 'invalid_auth';
    const said = [];
    for (let minutes = 1; minutes <= 4; minutes += 1) {
      world.now += minute;
      world.tickedAt = world.now;
      await slack.beat();
      said.push(readiness.notReadyBecause());
    }
    world.refusal = undefined;
    await slack.beat();
    expect([...said, readiness.notReadyBecause()]).toEqual([
      [],
      [],
      [],
      ["Slack hasn't answered for 4 min (invalid_auth)"],
      [],
    ]);
    expect(world.warned).toBe(1);
  });

  test('when polling is stuck', async () => {
    const { world, slack, readiness, watcher } = aBot();
    readiness.running({ watcher, slack });
    world.now += 2 * minute;
    const soon = readiness.notReadyBecause();
    world.now += 31_000;
    expect([soon, readiness.notReadyBecause()]).toEqual([[], ['polling has been stuck for 2 min 31 s']]);
  });

  test("while actions can't be stored", () => {
    const { readiness, slack, watcher } = aBot();
    const actions = { trouble: (): StoreTrouble => ({ kind: 'disk-full' }) };
    slack.start();
    readiness.running({ watcher, slack, actions });
    expect(readiness.notReadyBecause()).toEqual([expect.stringContaining('disk')]);
    slack.stop();
  });

  test('while nothing can be saved, and says what to do', () => {
    const { world, slack, readiness, watcher } = aBot();
    readiness.running({ watcher, slack });
    world.trouble = { kind: 'disk-full' };
    const full = [readiness.notReadyBecause(), readiness.storeFails()];
    world.trouble = undefined;
    expect([full, readiness.notReadyBecause(), readiness.storeFails()]).toEqual([
      [["the data folder's disk is full: free some space; the bot then continues on its own"], true],
      [],
      false,
    ]);
  });
});
