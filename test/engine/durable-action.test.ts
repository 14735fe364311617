import type { DurableExecutionClient } from '@aws/durable-execution-sdk-js';
import { describe, expect, test } from 'vitest';
import { runNameOf } from '../../src/aws/start-function.ts';
import { createActionRuns } from '../../src/engine/durable/action-runs.ts';
import { createDurableAction } from '../../src/engine/durable/durable-action.ts';
import { createActions } from '../../src/operations/actions/actions.ts';
import type { ActionPorts } from '../../src/operations/actions/ports.ts';
import { isOver } from '../domain/actions/an-action.ts';
import { aWorld, lostAnswer, peopleOf, rejection, type World } from '../operations/actions/a-world.ts';
import { aTask, now } from '../support/builders.ts';
import { createDurableService } from './durable-service.ts';

const lambdaContext = {
  awsRequestId: 'request',
  functionName: 'action',
  // None left: the SDK then suspends at each wait, as it does in the end anyway.
  getRemainingTimeInMillis: () => 0,
};

type Given = { handOverAfter?: number; startFails?: (run: number) => boolean };

/** Workers and runs as Lambda has them: each in a process of its own, on a world's clock. */
function onLambda(world: World, { handOverAfter, startFails = () => false }: Given = {}) {
  const facts = { alive: {}, steps: 0, killAt: Infinity, isDone: true, rulesHaveChanged: false, most: 0 };
  const never = () => new Promise<never>(() => undefined);

  /** What a killed process does reaches nobody. */
  function aProcess() {
    const life = facts.alive;
    return async <T>(work: () => Promise<T>): Promise<T> => {
      if (life !== facts.alive) return never();
      facts.steps += 1;
      if (facts.steps !== facts.killAt) return work();
      if (facts.isDone) await work();
      kill();
      return never();
    };
  }

  function kill() {
    facts.alive = {};
    service.crashAll();
  }

  function portsIn(alive: ReturnType<typeof aProcess>): ActionPorts {
    const { store, redrives, notifier } = world.ports;
    return {
      ...world.ports,
      store: {
        ...store,
        read: (id) => alive(() => store.read(id)),
        add: (...given) => alive(() => store.add(...given)),
        replace: (...given) => alive(() => store.replace(...given)),
      },
      redrives: { ...redrives, start: (...given) => alive(() => redrives.start(...given)) },
      notifier: { deliver: (given) => alive(() => notifier.deliver(given)) },
    };
  }

  const start = async (run: { action: string; run: number }) => {
    if (startFails(run.run)) throw new Error('Lambda answered 429');
    service.start(runNameOf(run), JSON.stringify(run));
  };
  const pause = async () => undefined;
  const actionsIn = (alive: ReturnType<typeof aProcess>) => {
    const ports = portsIn(alive);
    const startAlive = (run: { action: string; run: number }) => alive(() => start(run));
    return createActions({
      ...ports,
      runs: createActionRuns({ start: startAlive, read: ports.store.read }, pause),
    });
  };

  const service = createDurableService({
    clock: () => world.now,
    functionName: 'action',
    invoke: (event) => {
      const alive = aProcess();
      const client: DurableExecutionClient = {
        checkpoint: ({ DurableExecutionArn = '', CheckpointToken = '', Updates = [] }) =>
          alive(async () => service.checkpoint(DurableExecutionArn, CheckpointToken, Updates)),
        getExecutionState: ({ DurableExecutionArn = '', Marker }) =>
          alive(async () => service.page(DurableExecutionArn, Number(Marker ?? 0))),
      };
      const actions = actionsIn(alive);
      const run = createDurableAction(
        {
          duties: async () => actions,
          start: (next) => alive(() => start(next)),
          clock: () => world.now,
          log: world.ports.log,
          rulesHaveChanged: async () => facts.rulesHaveChanged,
          ...(handOverAfter !== undefined && { handOverAfter }),
        },
        { durableExecutionClient: client },
      );
      return run(event, lambdaContext as never);
    },
  });

  return {
    facts,
    service,
    start,
    kill,
    /** People, each of whose clicks is answered by a worker of its own. */
    worker: () => peopleOf(world, actionsIn(aProcess()) as never),
    async pass(seconds: number) {
      for (const until = world.now + seconds * 1000; world.now < until; ) {
        await service.tick();
        world.now = Math.min(until, Math.max(world.now + 1000, Math.min(service.nextDue(), until)));
      }
      await service.tick();
    },
    isRunning: () => [...service.executions.values()].some(({ status }) => status === 'RUNNING'),
    counted: () => Math.max(...[...service.executions.values()].map(({ counted }) => counted)),
  };
}

async function requestedOn(world: World, given: Given = {}) {
  const lambda = onLambda(world, given);
  const worker = lambda.worker();
  const answer = await worker.asks();
  await worker.actions.settled();
  const id = 'action' in answer ? answer.action.id : '';
  return { lambda, id };
}

const only = async (world: World) => {
  const [action] = await world.store.list({ atMost: 1 });
  return action;
};

describe('an action on Lambda', () => {
  test('has a named run before it is stored, and ends when its request expires', async () => {
    const world = aWorld();
    const { lambda, id } = await requestedOn(world);
    expect([...lambda.service.executions.keys()]).toEqual([runNameOf({ action: id, run: 0 })]);
    await lambda.pass(31 * 60);
    expect([(await only(world))?.state, world.starts, lambda.isRunning()]).toEqual(['expired', 0, false]);
    expect(world.delivered).toEqual([
      'request requested',
      'update requested',
      'reminder requested',
      'update expired',
      'outcome expired',
    ]);
    expect((await only(world))?.remindedAt).toBeLessThan(now + 16 * 60_000);
    expect((await only(world))?.endedAt).toBeLessThan(now + 31 * 60_000);
    expect(lambda.counted()).toBeLessThan(50);
  });

  test('starts once if two workers get an approval at the same time, and shows it within two seconds', async () => {
    const world = aWorld();
    const { lambda, id } = await requestedOn(world);
    await lambda.pass(120);
    const workers = [lambda.worker(), lambda.worker()];
    await Promise.all(workers.map((worker) => worker.approves(id)));
    await Promise.all(workers.map(({ actions }) => actions.settled()));
    expect(world.delivered).toContain('update starting');
    await lambda.pass(2);
    expect([(await only(world))?.state, world.starts]).toEqual(['started', 1]);
    expect(world.delivered).toContain('card started');
    await lambda.pass(300);
    expect([lambda.isRunning(), world.starts]).toEqual([false, 1]);
  });

  test('accepts no approval after it has expired, even if no run has noticed', async () => {
    const world = aWorld();
    const { lambda, id } = await requestedOn(world);
    world.now += 30 * 60_000;
    expect(await lambda.worker().approves(id)).toMatchObject({
      kind: 'decided',
      action: { state: 'expired' },
    });
    await lambda.pass(600);
    expect([world.starts, lambda.isRunning()]).toEqual([0, false]);
  });

  test('is not called late if its run could not start, and is reported as not started', async () => {
    const world = aWorld();
    const { lambda, id } = await requestedOn(world, { startFails: (run) => run === 1 });
    const worker = lambda.worker();
    await worker.approves(id);
    await worker.actions.settled();
    await lambda.pass(600);
    await lambda.start({ action: id, run: 3 });
    await lambda.pass(1_200);
    expect([(await only(world))?.state, world.starts, lambda.isRunning()]).toEqual(['not-started', 0, false]);
  });

  test('makes no call if its run starts after a minute', async () => {
    const world = aWorld();
    let isLate = true;
    const { lambda, id } = await requestedOn(world, { startFails: (run) => isLate && run === 1 });
    const worker = lambda.worker();
    await worker.approves(id);
    await worker.actions.settled();
    await lambda.pass(61);
    isLate = false;
    await lambda.start({ action: id, run: 1 });
    await lambda.pass(1_500);
    expect([(await only(world))?.state, world.starts]).toEqual(['not-started', 0]);
  });

  test('hands over before Lambda ends a run, and after a deployment with other rules', async () => {
    const world = aWorld({ rules: { expireAfterMinutes: 240 } });
    const { lambda, id } = await requestedOn(world, { handOverAfter: 50 });
    await lambda.pass(200 * 60);
    expect(lambda.counted()).toBeLessThan(60);
    expect(lambda.service.executions.size).toBeGreaterThan(3);
    world.queue = undefined;
    lambda.facts.rulesHaveChanged = true;
    await lambda.pass(130);
    expect(await only(world)).toMatchObject({ id, state: 'void', voidBecause: 'queue-not-listed' });
  });

  test('a cancel waits for its answer', async () => {
    const world = aWorld();
    world.list(aTask({ startedAt: now - 1000 }));
    const lambda = onLambda(world);
    const worker = lambda.worker();
    const answer = await worker.cancels(now - 1000);
    if (answer.kind !== 'cancelling') throw new Error(answer.kind);
    await lambda.pass(2);
    await answer.called;
    expect([(await only(world))?.state, world.cancels]).toEqual(['cancelled', [now - 1000]]);
    await lambda.pass(200);
    expect(lambda.isRunning()).toBe(false);
  });
});

const answers = {
  accepted: () => ({ kind: 'accepted', requestId: 'r1' }) as const,
  'of which the answer was lost': () => lostAnswer,
  rejected: () => rejection,
};

/** Somebody asks, two approve at once, in workers of their own, and time passes. */
async function story(world: World, lambda: ReturnType<typeof onLambda>): Promise<void> {
  const work = async (what: (worker: ReturnType<typeof lambda.worker>) => Promise<unknown>) => {
    const worker = lambda.worker();
    await what(worker).catch(() => undefined);
    await worker.actions.settled();
  };
  await work((worker) => worker.asks());
  await lambda.pass(10);
  const id = (await only(world))?.id ?? '';
  await Promise.all([work((worker) => worker.approves(id)), work((worker) => worker.approves(id))]);
  await lambda.pass(20);
}

async function killedAt(world: World, step: number, isDone: boolean): Promise<ReturnType<typeof onLambda>> {
  const lambda = onLambda(world);
  Object.assign(lambda.facts, { killAt: step, isDone });
  const died = new Promise<void>((resolve) => {
    const poll = setInterval(() => {
      if (lambda.facts.steps < step) return;
      clearInterval(poll);
      resolve();
    }, 1);
  });
  await Promise.race([
    story(world, lambda),
    died.then(() => new Promise((resolve) => setTimeout(resolve, 5))),
  ]);
  lambda.facts.killAt = Infinity;
  await lambda.pass(10);
  const found = await only(world);
  const last = lambda.worker();
  if (found) await Promise.all([last.approves(found.id), last.approves(found.id)]);
  await last.actions.settled();
  await lambda.pass(40 * 60);
  return lambda;
}

async function isBroughtToItsEnd(killed: World, step: number, isDone: boolean): Promise<void> {
  const lambda = await killedAt(killed, step, isDone);
  const where = `step ${step}, ${isDone ? 'done' : 'not done'}`;
  const all = await killed.store.list({ atMost: 9 });
  const left = all.flatMap(({ outbox }) => outbox);
  expect({ where, starts: killed.starts, over: all.every(isOver), left, runs: lambda.isRunning() }).toEqual({
    ...{ where, starts: Math.min(killed.starts, 1), over: true, left: [], runs: false },
  });
  if (killed.tasks.length > 0)
    expect({ where, states: all.map(({ state }) => state) }).toEqual({ where, states: ['started'] });
  expect(killed.starts <= all.length).toBe(true);
}

describe.each(['with approvers', 'without approvers'])('everything is killed at once, %s', (how) => {
  const withoutApprovers = how === 'without approvers';
  const stories = Object.entries(answers);
  test.concurrent.each(stories)(
    'at any step of a start that is %s',
    async (_, answer) => {
      const world = () => aWorld({ answers: answer, withoutApprovers });
      const whole = world();
      const unharmed = onLambda(whole);
      await story(whole, unharmed);
      const { steps } = unharmed.facts;
      expect(steps).toBeGreaterThan(15);
      // At the same time, since the durable SDK rests for a moment in each invocation.
      const done = Array.from({ length: steps }, (_none, index) =>
        [true, false].map((isDone) => isBroughtToItsEnd(world(), index + 1, isDone)),
      );
      await Promise.all(done.flat());
    },
    60_000,
  );
});
