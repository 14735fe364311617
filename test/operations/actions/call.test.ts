import { describe, expect, test } from 'vitest';
import { withDeliveries } from '../../../src/domain/actions/outbox.ts';
import { createActions, createLocalActions } from '../../../src/operations/actions/actions.ts';
import type { CallAnswer } from '../../../src/operations/actions/ports.ts';
import { approver, other, redriveQueue, requester } from '../../domain/actions/an-action.ts';
import { anAwsError, aQueue, aTask, now } from '../../support/builders.ts';
import { aPerson, aWorld, peopleOf, place, type World } from './a-world.ts';

/** AWS answers a start only when it is told to. */
function aSlowAws(world: World) {
  const answer = Promise.withResolvers<CallAnswer>();
  const cancel = () => answer.promise;
  const start = async () => {
    world.starts += 1;
    return answer.promise;
  };
  Object.assign(world.ports, { redrives: { ...world.ports.redrives, start, cancel } });
  return answer.resolve;
}

async function requested(world = aWorld()) {
  const people = peopleOf(world);
  const answer = await people.asks();
  if (answer.kind !== 'requested') throw new Error(`It was ${answer.kind}.`);
  return { world, people, id: answer.action.id };
}

describe('a call in progress', () => {
  test('is not lost to the same process, however long AWS takes', async () => {
    const world = aWorld();
    const answers = aSlowAws(world);
    const { people, id } = await requested(world);
    await people.approves(id);
    for (const seconds of [1, 60, 3600]) {
      world.now += seconds * 1_000;
      for (const due of await people.actions.due()) await people.actions.advance(due);
      expect((await people.only()).state).toBe('starting');
    }
    answers({ kind: 'accepted', requestId: 'r1' });
    await people.actions.settled();
    expect(await people.only()).toMatchObject({ state: 'started', result: { requestId: 'r1' } });
    expect(world.starts).toBe(1);
  });

  test('is lost to the process that comes after it, and is found out by polling', async () => {
    const world = aWorld();
    aSlowAws(world);
    const { people, id } = await requested(world);
    await people.approves(id);
    const next = peopleOf(world, createLocalActions(world.ports));
    await next.actions.recover();
    expect([(await next.only()).state, world.starts]).toEqual(['unsure', 1]);
  });

  test('of a cancel is not lost to the same process either', async () => {
    const world = aWorld();
    const answers = aSlowAws(world);
    world.list(aTask({ startedAt: now - 60_000 }));
    const people = peopleOf(world);
    await people.cancels(now - 60_000);
    world.now += 60_000;
    for (const due of await people.actions.due()) await people.actions.advance(due);
    expect((await people.only()).state).toBe('cancelling');
    answers({ kind: 'accepted' });
    await people.actions.settled();
    expect((await people.only()).state).toBe('cancelled');
  });

  test('is due to be found out even if the clock went back since', async () => {
    const world = aWorld();
    aSlowAws(world);
    const { people, id } = await requested(world);
    await people.approves(id);
    world.now -= 24 * 3_600_000;
    const next = peopleOf(world, createLocalActions(world.ports));
    expect(await next.actions.due()).toEqual([id]);
  });

  test('is delivered with its answer, and nothing else is due then', async () => {
    const { world, people, id } = await requested();
    expect(await people.actions.due()).toEqual([]);
    await people.approves(id);
    await people.actions.settled();
    expect(world.delivered.at(-1)).toBe('card started');
    expect(await people.actions.due()).toEqual([]);
  });
});

describe('where many processes act', () => {
  const holdMs = 30_000;

  function amongMany(world: World) {
    const called: string[] = [];
    const begun: string[] = [];
    const runs = {
      begin: async (id: string) => void begun.push(id),
      call: async ({ id }: { id: string }) => void called.push(id),
      holdMs,
    };
    const actions = createActions({ ...world.ports, runs });
    return { actions, called, begun, runs };
  }

  test('a run is begun before the request is stored, and another one makes its call', async () => {
    const world = aWorld();
    const { actions, called, begun } = amongMany(world);
    const people = peopleOf(world, createLocalActions(world.ports));
    const asked = { queue: redriveQueue(), person: aPerson(requester), place };
    const answer = await actions.request({ ...asked, form: { rate: '10', reason: 'fixed' }, id: 'a1' });
    expect([answer.kind, begun]).toEqual(['requested', ['a1']]);
    await actions.approve({ id: 'a1', person: aPerson(approver), channel: place.channel });
    await actions.settled();
    expect([called, world.starts, (await people.only()).state]).toEqual([['a1'], 0, 'starting']);
  });

  test('it makes the call of what waits for one, and of nothing else', async () => {
    const { world, people, id } = await requested();
    const { actions } = amongMany(world);
    await actions.call(await people.only());
    expect(world.starts).toBe(0);
    await actions.approve({ id, person: aPerson(approver), channel: place.channel });
    await actions.call(await people.only());
    expect([world.starts, (await people.only()).state]).toEqual([1, 'started']);
    await actions.call(await people.only());
    expect(world.starts).toBe(1);
  });

  test('it makes the call of a cancel, too', async () => {
    const world = aWorld();
    world.list(aTask({ startedAt: now - 60_000 }));
    const { actions } = amongMany(world);
    const asked = { queue: redriveQueue(), person: aPerson(requester), place, startedAt: now - 60_000 };
    const answer = await actions.cancel(asked);
    await actions.settled();
    expect(world.cancels).toEqual([]);
    if (answer.kind === 'cancelling') await actions.call(answer.action);
    expect(world.cancels).toEqual([now - 60_000]);
  });

  test('a call that another may still be making is not lost before its time', async () => {
    const { world, people, id } = await requested();
    const { actions } = amongMany(world);
    await actions.approve({ id, person: aPerson(approver), channel: place.channel });
    await actions.settled();
    const stateAfter = async (ms: number) => {
      world.now += ms;
      await amongMany(world).actions.advance(id);
      return (await people.only()).state;
    };
    expect([await stateAfter(holdMs - 1), await stateAfter(1)]).toEqual(['starting', 'unsure']);
  });

  test('a call that is known to be lost is unsure at once', async () => {
    const { world, people, id } = await requested();
    const { actions } = amongMany(world);
    await actions.approve({ id, person: aPerson(approver), channel: place.channel });
    await actions.callLost(id);
    expect((await people.only()).state).toBe('unsure');
  });

  test('what another process may be posting is left to it until it can no longer be alive', async () => {
    const world = aWorld();
    world.delivers = () => {
      throw new Error('killed');
    };
    const { actions } = amongMany(world);
    const notBefore: number[] = [];
    const { replace } = world.store;
    Object.assign(world.store, {
      replace: (...[before, next, at]: Parameters<typeof replace>) => {
        notBefore.push(...next.outbox.map((pending) => pending.notBefore - at));
        return replace(before, next, at);
      },
    });
    const asked = { queue: redriveQueue(), person: aPerson(requester), place };
    await actions.request({ ...asked, form: { rate: '10', reason: 'fixed' } });
    expect(notBefore[0]).toBe(holdMs);
  });
});

describe('nothing is called', () => {
  test.each([
    ['where redrives are off by now', aQueue()],
    ['where the queue is gone by now', undefined],
  ])('%s, and the requester learns that', async (_where, queue) => {
    const { world, people, id } = await requested();
    const { store } = world;
    const { replace } = store;
    // The settings change between the approval and the call.
    Object.assign(store, {
      replace: async (...given: Parameters<typeof replace>) => {
        const isDone = await replace(...given);
        if (given[1].state === 'starting') world.queue = queue;
        return isDone;
      },
    });
    await people.approves(id);
    await people.actions.settled();
    expect([world.starts, await people.only()]).toMatchObject([
      0,
      { state: 'rejected', result: { code: 'NotAllowed' } },
    ]);
  });
});

describe('a decision', () => {
  test('on one’s own request is answered before anything is checked', async () => {
    const { world, people, id } = await requested();
    world.list(aTask());
    expect(await people.approves(id, requester)).toMatchObject({ why: { because: 'own-request' } });
  });

  test('that comes late learns who decided, even if they could not have decided themselves', async () => {
    const { people, id } = await requested();
    await people.declines(id);
    const why = { because: 'decided-already', state: 'declined', decider: approver };
    const late = [await people.approves(id), await people.declines(id), await people.approves(id, requester)];
    expect(late).toMatchObject([{ kind: 'ignored', why }, { why }, { why }]);
    await people.actions.settled();
    expect((await people.only()).decider).toBe(approver);
  });

  test('on what does not exist is unknown', async () => {
    const people = peopleOf(aWorld());
    expect(await Promise.all([people.withdraws('forged'), people.declines('forged')])).toEqual([
      ...[{ kind: 'unknown' }, { kind: 'unknown' }],
    ]);
  });

  test('is void where the requester has lost access, and refused where Slack cannot tell that', async () => {
    const world = aWorld();
    const { people, id } = await requested(world);
    world.members.set('S0ALL', [requester, approver]);
    const access = { ...world.ports.access, users: [approver], userGroups: ['S0ALL'] };
    const actions = createLocalActions({ ...world.ports, access });
    world.members.delete('S0ALL');
    const decision = { id, person: aPerson(approver), channel: place.channel };
    expect(await actions.approve(decision)).toMatchObject({
      ...{ kind: 'refused', refusal: { because: 'no-access', refusal: { reason: 'groups-unknown' } } },
    });
    expect((await people.only()).state).toBe('requested');
    world.members.set('S0ALL', [approver]);
    expect(await actions.approve(decision)).toMatchObject({
      ...{ kind: 'decided', action: { state: 'void', voidBecause: 'requester-not-allowed' } },
    });
    expect(world.starts).toBe(0);
  });

  test('asks whether the requester may act where they asked, not where the request was posted', async () => {
    const world = aWorld({ rules: { channel: 'C0789' } });
    const { people, id } = await requested(world);
    const access = { ...world.ports.access, channels: ['C0789', 'C0123'] };
    const actions = createLocalActions({ ...world.ports, access });
    expect(await actions.approve({ id, person: aPerson(approver), channel: 'C0789' })).toMatchObject({
      kind: 'starting',
    });
    await people.actions.settled();
  });
});

test('of two who ask at once, one request is stored and logged', async () => {
  const world = aWorld();
  await Promise.all([peopleOf(world).asks(), peopleOf(world).asks(other)]);
  expect(world.logged.filter(({ to }) => to === 'requested')).toHaveLength(1);
});

test('a change is tried again while others change the action, but not forever', async () => {
  const { world, people, id } = await requested();
  let losses = 0;
  const { replace } = world.store;
  const losing =
    (most: number): typeof replace =>
    async (...given) => {
      if (losses >= most) return replace(...given);
      losses += 1;
      return false;
    };
  Object.assign(world.store, { replace: losing(49) });
  expect(await people.withdraws(id)).toMatchObject({ action: { state: 'withdrawn' } });
  const second = await requested();
  losses = 0;
  Object.assign(second.world.store, { replace: losing(Number.POSITIVE_INFINITY) });
  await expect(second.people.withdraws(second.id)).rejects.toThrow(second.id);
  expect(losses).toBe(50);
});

describe('a queue’s newest action alone', () => {
  test('claims a redrive that SQS lists late', async () => {
    const world = aWorld();
    const first = await requested(world);
    world.answers = () => ({ kind: 'unsure', awsError: anAwsError({ kind: 'unreachable' }) });
    await first.people.approves(first.id);
    await first.people.actions.settled();
    world.list();
    await first.people.pass(70);
    expect((await first.people.only()).state).toBe('not-started');
    const second = await requested(world);
    world.answers = () => ({ kind: 'accepted' });
    await second.people.approves(second.id);
    await second.people.actions.settled();
    await second.people.pass(120);
    const states = await world.store.list({ atMost: 9 });
    expect(states.map(({ id, state }) => [id, state])).toEqual([
      [second.id, 'started'],
      [first.id, 'not-started'],
    ]);
    const cards = world.delivered.filter((what) => what.startsWith('card'));
    expect([cards, world.starts]).toEqual([['card started'], 2]);
  });
});

describe('after a kill', () => {
  test('a request without approvers that was not submitted is void, and nothing is started', async () => {
    const world = aWorld({ withoutApprovers: true });
    const posting = Promise.withResolvers<never>();
    const { notifier } = world.ports;
    Object.assign(world.ports, { notifier: { deliver: () => posting.promise } });
    void peopleOf(world).asks();
    await expect.poll(() => world.store.list({ atMost: 1 })).toHaveLength(1);
    Object.assign(world.ports, { notifier });
    const next = peopleOf(world, createLocalActions(world.ports));
    await next.actions.recover();
    expect([await next.only(), world.starts]).toMatchObject([
      { state: 'void', voidBecause: 'interrupted' },
      0,
    ]);
  });

  test('a request that waits for approval goes on waiting', async () => {
    const { world, people } = await requested();
    await createLocalActions(world.ports).recover();
    expect((await people.only()).state).toBe('requested');
  });
});

test('what a newer version has stored is left alone', async () => {
  const { world, people, id } = await requested();
  await people.actions.settled();
  const before = await people.only();
  await world.store.replace(before, withDeliveries({ ...before, state: 'unknown' }, ['outcome'], now), now);
  const stored = await people.only();
  await people.actions.advance(id);
  expect(await people.only()).toEqual(stored);
  expect(world.delivered).toEqual(['request requested']);
});
