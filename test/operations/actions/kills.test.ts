import { describe, expect, test } from 'vitest';
import { createLocalActions, type LocalActionPorts } from '../../../src/operations/actions/actions.ts';
import { approver, isOver, requester } from '../../domain/actions/an-action.ts';
import { aTask, now } from '../../support/builders.ts';
import { aWorld, lostAnswer, peopleOf, rejection, type World } from './a-world.ts';

/** A process that dies at its nth step: before what the step does, or after it and before anybody hears of it. */
function dyingPorts(ports: LocalActionPorts, diesAt: number, isDone: boolean) {
  let steps = 0;
  const { promise: died, resolve } = Promise.withResolvers<void>();
  const never = new Promise<never>(() => undefined);
  const isDead = () => steps >= diesAt;
  const dying = <A extends unknown[], R>(work: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      if (isDead()) return never;
      steps += 1;
      if (!isDead()) return work(...given);
      if (isDone) await work(...given);
      resolve();
      return never;
    };
  };
  const { store, redrives, moveTasks, notifier } = ports;
  const wrapped: LocalActionPorts = {
    ...ports,
    store: {
      ...store,
      add: dying(store.add),
      replace: dying(store.replace),
      read: dying(store.read),
      openOf: dying(store.openOf),
    },
    redrives: { ...redrives, start: dying(redrives.start), cancel: dying(redrives.cancel) },
    moveTasks: { list: dying(moveTasks.list), depth: dying(moveTasks.depth) },
    notifier: { deliver: dying(notifier.deliver) },
  };
  return { ports: wrapped, died, steps: () => steps };
}

/** Somebody asks, two approve at once, and time passes. */
async function story(world: World, ports: LocalActionPorts): Promise<void> {
  const people = peopleOf(world, createLocalActions(ports));
  await people.actions.recover();
  const answer = await people.asks();
  const [open] = await world.store.open();
  const id = 'action' in answer ? answer.action.id : (open?.id ?? '');
  await Promise.all([people.approves(id), people.approves(id)]);
  await people.actions.settled();
  await people.pass(20);
}

const answers = {
  accepted: () => ({ kind: 'accepted', requestId: 'r1' }) as const,
  'of which the answer was lost': () => lostAnswer,
  rejected: () => rejection,
};

async function stepsOf(world: World): Promise<number> {
  const whole = dyingPorts(world.ports, Infinity, true);
  await story(world, whole.ports);
  return whole.steps();
}

/** The process dies at that step, and another one continues. Everyone clicks once more. */
async function killedAt(world: World, step: number, isDone: boolean): Promise<void> {
  const process = dyingPorts(world.ports, step, isDone);
  await Promise.race([story(world, process.ports), process.died]);
  const startsBefore = world.starts;
  const next = peopleOf(world, createLocalActions(world.ports));
  await next.actions.recover();
  const [found] = await world.store.list({ atMost: 1 });
  if (found) await Promise.all([next.approves(found.id), next.approves(found.id)]);
  await next.actions.settled();
  await next.untilNothingIsDue();
  expect(world.starts - (found?.state === 'requested' ? 1 : 0)).toBeLessThanOrEqual(startsBefore);
}

describe.each(['with approvers', 'without approvers'])('a process that is killed, %s', (how) => {
  const withoutApprovers = how === 'without approvers';
  test.each(Object.entries(answers))('at any step of a start that is %s', async (_, answer) => {
    const world = () => aWorld({ answers: answer, withoutApprovers });
    const steps = await stepsOf(world());
    expect(steps).toBeGreaterThan(15);
    for (let step = 1; step <= steps; step += 1) {
      for (const isDone of [true, false]) {
        const killed = world();
        await killedAt(killed, step, isDone);
        const where = `step ${step}, ${isDone ? 'done' : 'not done'}`;
        const all = await killed.store.list({ atMost: 9 });
        expect({ where, starts: killed.starts }).toEqual({ where, starts: Math.min(killed.starts, 1) });
        expect({ where, over: all.every(isOver), undelivered: all.flatMap(({ outbox }) => outbox) }).toEqual({
          ...{ where, over: true, undelivered: [] },
        });
        // A redrive that SQS started never counts as rejected or not started, and nothing starts without a
        // record.
        const isRunning = killed.tasks.length > 0;
        if (isRunning)
          expect({ where, states: all.map(({ state }) => state) }).toEqual({ where, states: ['started'] });
        expect(killed.starts <= all.length).toBe(true);
      }
    }
  });
});

const running = aTask({ startedAt: now - 60_000 });

/** Two people click on Cancel…, time passes, and somebody clicks on a card that is late. */
async function cancelStory(ports: LocalActionPorts, world: World): Promise<void> {
  const people = peopleOf(world, createLocalActions(ports));
  await people.actions.recover();
  const clicks = [requester, approver].map((who) => people.cancels(running.startedAt ?? 0, who));
  await Promise.all(clicks);
  await people.actions.settled();
  await people.pass(20);
  await people.cancels(running.startedAt ?? 0);
  await people.pass(5);
}

/** The process dies at that step; the next one ends what is open, and then somebody clicks again. */
async function cancelKilledAt(world: World, step: number, isDone: boolean): Promise<void> {
  const process = dyingPorts(world.ports, step, isDone);
  await Promise.race([cancelStory(process.ports, world), process.died]);
  const next = peopleOf(world, createLocalActions(world.ports));
  await next.actions.recover();
  await next.untilNothingIsDue();
  await next.cancels(running.startedAt ?? 0);
  await next.untilNothingIsDue();
}

test.each(Object.entries(answers))(
  'a process that is killed at any step of a cancel that is %s',
  async (_, answer) => {
    const world = () => {
      const made = aWorld({ answers: answer });
      made.list(running);
      return made;
    };
    const undisturbed = world();
    const whole = dyingPorts(undisturbed.ports, Infinity, true);
    await cancelStory(whole.ports, undisturbed);
    expect(whole.steps()).toBeGreaterThan(10);
    for (let step = 1; step <= whole.steps(); step += 1) {
      for (const isDone of [true, false]) {
        const killed = world();
        await cancelKilledAt(killed, step, isDone);
        const all = await killed.store.list({ atMost: 9 });
        const where = `step ${step}, ${isDone ? 'done' : 'not done'}`;
        expect({
          where,
          over: all.every(isOver),
          undelivered: all.flatMap(({ outbox }) => outbox),
          isEachCallRecorded: killed.cancels.length <= all.length,
          canceled: all.filter(({ state }) => state === 'cancelled').length,
        }).toEqual({
          ...{ where, over: true, undelivered: [], isEachCallRecorded: true },
          canceled: killed.tasks[0]?.status === 'CANCELLING' ? 1 : 0,
        });
      }
    }
  },
);

test('a start that SQS lists after 90 seconds is started after all', async () => {
  const world = aWorld({ answers: () => lostAnswer });
  const people = peopleOf(world);
  const asked = await people.asks();
  await people.approves('action' in asked ? asked.action.id : '');
  await people.actions.settled();
  const started = [...world.tasks];
  world.list();
  await people.pass(80);
  expect((await people.only()).state).toBe('not-started');
  world.list(...started);
  await people.pass(20);
  expect([(await people.only()).state, world.starts]).toEqual(['started', 1]);
});
