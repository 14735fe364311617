import { describe, expect, test } from 'vitest';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import { createLocalActions } from '../../../src/operations/actions/actions.ts';
import { isStarting as isStartingIn } from '../../../src/operations/actions/started-here.ts';
import type { ActingPerson } from '../../../src/operations/actions/who-may-act.ts';
import { approver, other, requester } from '../../domain/actions/an-action.ts';
import { anAwsError, aQueue, aTask, now } from '../../support/builders.ts';
import { aPerson, aWorld, form, lostAnswer, peopleOf, place, rejection, type World } from './a-world.ts';

const lostPost = {
  kind: 'retry-later',
  because: 'trouble',
  maybeDelivered: true,
  why: 'ECONNRESET',
} as const;

async function requested(world = aWorld()) {
  const people = peopleOf(world);
  const answer = await people.asks();
  if (answer.kind !== 'requested') throw new Error(`It was ${answer.kind}.`);
  return { world, people, id: answer.action.id };
}

describe('a redrive with approvers', () => {
  test('is requested, approved, started, and becomes a card', async () => {
    const { world, people, id } = await requested();
    expect([world.delivered, world.starts]).toEqual([['request requested'], 0]);
    const approved = await people.approves(id);
    expect(approved).toMatchObject({ kind: 'starting', action: { state: 'starting', decider: approver } });
    await people.actions.settled();
    await people.pass(2);
    expect(world.starts).toBe(1);
    expect(await people.only()).toMatchObject({ state: 'started', result: { requestId: 'r1' }, outbox: [] });
    expect(world.delivered).toContain('card started');
    const { result, queueArn } = await people.only();
    expect((await people.actions.startOf(queueArn, result.startedAt ?? 0))?.requester).toBe(requester);
    expect(await world.ports.store.openOf(queueArn)).toBeUndefined();
  });

  test.each([
    ['its card cannot be watched', 'card'],
    ['that cannot be stored at first', 'store'],
  ] as const)('its end is expected for the history although %s', async (_, failing) => {
    const { world, people, id } = await requested();
    const expected: unknown[] = [];
    let tries = 0;
    const expectEnd: typeof world.ports.expectEnd = async (redrive) => {
      tries += 1;
      if (failing === 'store' && tries < 3) throw new Error('the disk is full');
      expected.push(redrive);
    };
    Object.assign(world.ports, { expectEnd });
    const again = peopleOf(world);
    world.delivers = (kind) => {
      if (kind === 'card' && failing === 'card') throw new Error('the table is away');
      return { kind: 'delivered', message: { channel: 'C0123', ts: '100.1' } };
    };
    await again.approves(id);
    await again.actions.settled();
    await again.pass(60);
    const { queueArn, result } = await people.only();
    expect(expected[0]).toEqual({ queueArn, startedAt: result.startedAt });
    expect(world.delivered.includes('card started')).toBe(failing === 'store');
  });

  test('Follow waits from the call until the card exists, but not while a request waits', async () => {
    const { world, people, id } = await requested();
    const isStarting = () => isStartingIn(world.queue?.arn ?? '', [], world.ports.store);
    const seen = [await isStarting()];
    world.delivers = (kind) =>
      kind === 'card'
        ? { kind: 'retry-later', because: 'trouble', maybeDelivered: false, why: 'x' }
        : { kind: 'delivered', message: { channel: 'C0123', ts: '100.1' } };
    await people.approves(id);
    seen.push(await isStarting());
    await people.actions.settled();
    await people.pass(1);
    seen.push(await isStarting());
    world.delivers = () => ({ kind: 'delivered', message: { channel: 'C0123', ts: '100.1' } });
    await people.pass(30);
    seen.push(await isStarting());
    expect(seen).toEqual([false, true, true, false]);
  });

  test('Follow waits for our own redrive after "not started", and for nothing else', async () => {
    const { world, people, id } = await requested();
    world.answers = () => lostAnswer;
    await people.approves(id);
    await people.actions.settled();
    const ours = world.tasks;
    world.list();
    await people.pass(90);
    expect((await people.only()).state).toBe('not-started');
    const { queueArn } = await people.only();
    const isStarting = (tasks: readonly MoveTask[]) => isStartingIn(queueArn, tasks, world.ports.store);
    const theirs = [aTask({ startedAt: world.now, customRate: 33 })];
    expect([await isStarting(ours), await isStarting(theirs), await isStarting([])]).toEqual([
      ...[true, false, false],
    ]);
  });

  test('logs every step in one line, without secrets', async () => {
    const { world, people, id } = await requested();
    await people.approves(id);
    await people.actions.settled();
    await people.pass(2);
    expect(world.logged.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      'undefined → requested',
      'requested → starting',
      'starting → started',
      'started → started',
    ]);
    expect(world.logged[2]).toMatchObject({
      ...{ action: id, kind: 'start', channel: 'C0123', requester, decider: approver, rate: 10 },
      ...{ reason: form.reason, depthAtRequest: 1204, depthAtDecision: 1204, awsRequestId: 'r1' },
    });
  });

  test('of two approvals at once, one counts, and the other learns who decided', async () => {
    const world = aWorld({ rules: { approvers: { users: [approver, other], userGroups: [] } } });
    const { people, id } = await requested(world);
    const answers = await Promise.all([people.approves(id), people.approves(id, other), people.approves(id)]);
    await people.actions.settled();
    expect(world.starts).toBe(1);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['ignored', 'ignored', 'starting']);
    expect(await people.approves(id, other)).toMatchObject({
      kind: 'ignored',
      why: { because: 'decided-already', state: 'started' },
    });
  });

  test('is declined by an approver, or withdrawn by the requester', async () => {
    const first = await requested();
    expect(await first.people.declines(first.id)).toMatchObject({
      kind: 'decided',
      action: { state: 'declined' },
    });
    await first.people.actions.settled();
    expect(first.world.delivered.slice(1)).toEqual(['update declined', 'outcome declined']);
    const second = await requested();
    expect(await second.people.withdraws(second.id, approver)).toMatchObject({
      why: { because: 'not-the-requester' },
    });
    expect(await second.people.withdraws(second.id)).toMatchObject({ action: { state: 'withdrawn' } });
    expect([first.world.starts, second.world.starts]).toEqual([0, 0]);
  });

  test('is reminded of once, and expires', async () => {
    const { world, people } = await requested();
    await people.pass(31 * 60);
    expect(world.delivered).toEqual([
      'request requested',
      'update requested',
      'reminder requested',
      'update expired',
      'outcome expired',
    ]);
  });

  test('shows a changed depth before it starts, and records both', async () => {
    const { world, people, id } = await requested();
    world.moveTasks.holds({ ok: true, value: { waiting: 3000, inFlight: 0, delayed: 0 } });
    expect(await people.approves(id)).toMatchObject({ kind: 'ask-again', depth: 3000, before: 1204 });
    expect(world.starts).toBe(0);
    expect(await people.approves(id, approver, 3000)).toMatchObject({ kind: 'starting' });
    await people.actions.settled();
    expect(await people.only()).toMatchObject({ depthAtRequest: 1204, depthAtDecision: 3000 });
  });

  test.each([
    ['a redrive runs', () => [aTask()]],
    ['one is being canceled', () => [aTask({ status: 'CANCELLING' })]],
  ])('is not started while %s', async (_, tasks) => {
    const { world, people, id } = await requested();
    world.list(...tasks());
    expect(await people.approves(id)).toMatchObject({
      kind: 'checks-failed',
      found: { failed: [{ name: 'nothing-active' }] },
    });
    world.moveTasks.answers({ ok: false, awsError: anAwsError() });
    expect((await people.approves(id)).kind).toBe('checks-failed');
    expect([world.starts, (await people.only()).state]).toEqual([0, 'requested']);
  });

  test('is void when the settings no longer allow it, at startup or at a click', async () => {
    const { world, id } = await requested();
    const readOnly = peopleOf(world, createLocalActions({ ...world.ports, readOnly: true }));
    expect(await readOnly.approves(id)).toMatchObject({
      kind: 'decided',
      action: { state: 'void', voidBecause: 'read-only' },
    });
    const second = await requested();
    second.world.queue = aQueue();
    const restarted = createLocalActions(second.world.ports);
    await restarted.recover();
    await peopleOf(second.world, restarted).pass(1);
    expect(second.world.delivered.slice(1)).toEqual(['update void', 'outcome void']);
    expect([world.starts, second.world.starts]).toEqual([0, 0]);
  });
});

describe('who may', () => {
  const groups = {
    requesters: { users: [], userGroups: ['S0REQ'] },
    approvers: { users: [], userGroups: ['S0APP'] },
  };
  const members = new Map([
    ['S0REQ', [requester]],
    ['S0APP', [approver]],
  ]);

  test('is checked with Slack again at each step', async () => {
    const world = Object.assign(aWorld({ rules: groups }), { members: new Map(members) });
    const { people, id } = await requested(world);
    world.members.set('S0APP', []);
    expect(await people.approves(id)).toMatchObject({ refusal: { because: 'not-listed' } });
    world.members.delete('S0APP');
    expect(await people.approves(id)).toMatchObject({ refusal: { because: 'groups-unknown' } });
    world.members.set('S0REQ', []);
    expect(await people.asks()).toMatchObject({ refusal: { because: 'not-listed' } });
    expect(world.starts).toBe(0);
  });

  test('is checked again for the requester at the approval', async () => {
    const world = Object.assign(aWorld({ rules: groups }), { members: new Map(members) });
    const { people, id } = await requested(world);
    world.members.delete('S0REQ');
    expect(await people.approves(id)).toMatchObject({ refusal: { because: 'groups-unknown' } });
    world.members.set('S0REQ', []);
    expect(await people.approves(id)).toMatchObject({
      kind: 'decided',
      action: { state: 'void', voidBecause: 'requester-not-allowed' },
    });
    expect(world.starts).toBe(0);
  });

  test.each<[string, Partial<ActingPerson>, string]>([
    ['people of other organizations', { home: 'other' }, 'external-person'],
    ['people whose home cannot be told', { home: 'unknown' }, 'home-unknown'],
    ['bots', { kind: 'bot' }, 'bot'],
    ['workflows', { kind: 'workflow' }, 'workflow'],
  ])('not %s, although listed', async (_, given, because) => {
    const { world, people, id } = await requested();
    const asked = await people.asks(requester, { person: aPerson(requester, given) });
    expect(asked).toEqual({ kind: 'refused', refusal: { because } });
    const decided = { id, person: aPerson(approver, given), channel: place.channel };
    expect(await people.actions.approve(decided)).toEqual({ kind: 'refused', refusal: { because } });
    expect(world.starts).toBe(0);
  });

  test('not without access, not where the queue is hidden, and not for oneself', async () => {
    const { world, people, id } = await requested();
    expect(await people.approves(id, requester)).toMatchObject({ why: { because: 'own-request' } });
    const actions = createLocalActions({
      ...world.ports,
      access: { ...world.ports.access, users: [requester] },
    });
    const decision = { id, person: aPerson(approver), channel: place.channel };
    expect(await actions.approve(decision)).toMatchObject({ refusal: { because: 'no-access' } });
    if (world.queue) world.queue = { ...world.queue, channels: ['C0999', 'C0123'] };
    expect(await people.actions.approve({ ...decision, channel: 'C0777' })).toMatchObject({
      refusal: { because: 'hidden' },
    });
    expect(await people.actions.approve({ ...decision, id: 'forged' })).toEqual({ kind: 'unknown' });
    expect(world.starts).toBe(0);
  });
});

describe('a request', () => {
  test('is limited to one per queue; asking again shows it', async () => {
    const { people, id } = await requested();
    expect(await people.asks(other)).toMatchObject({ kind: 'open', action: { id } });
    const world = aWorld();
    const two = await Promise.all([peopleOf(world).asks(), peopleOf(world).asks(other)]);
    expect(two.map(({ kind }) => kind).toSorted()).toEqual(['open', 'requested']);
  });

  test('is not made with a forged form', async () => {
    const world = aWorld();
    const answer = await peopleOf(world).asks(requester, { form: { ...form, rate: '5000' } });
    expect(answer).toMatchObject({ kind: 'input-error', faults: [{ field: 'rate' }] });
    expect(await world.store.list({ atMost: 9 })).toEqual([]);
  });

  test('is not made where the bot cannot post', async () => {
    for (const withoutApprovers of [true, false]) {
      const world = aWorld({ withoutApprovers });
      world.delivers = () => ({ kind: 'rejected', because: 'cannot-post', why: 'not_in_channel' });
      expect(await peopleOf(world).asks()).toMatchObject({ kind: 'cannot-post', channel: 'C0123' });
      expect(await world.store.openOf(aQueue().arn)).toBeUndefined();
      expect(world.starts).toBe(0);
    }
  });

  test('goes to its own channel if the settings name one', async () => {
    const { people } = await requested(aWorld({ rules: { channel: 'C0789' } }));
    expect((await people.only()).place).toEqual({ channel: 'C0789', askedIn: place, message: '100.1' });
  });

  test("is posted later if Slack doesn't accept it now, and starts nothing without approvers", async () => {
    const later = { kind: 'retry-later', because: 'trouble', maybeDelivered: true, why: 'HTTP 500' } as const;
    const world = aWorld();
    world.delivers = () => later;
    const people = peopleOf(world);
    expect(await people.asks()).toMatchObject({ kind: 'requested', posted: false });
    world.delivers = () => ({ kind: 'delivered', message: { channel: 'C0123', ts: '100.1' } });
    await people.pass(10);
    expect(world.delivered).toEqual(['request requested']);
    const alone = aWorld({ withoutApprovers: true });
    alone.delivers = () => later;
    expect(await peopleOf(alone).asks()).toMatchObject({ kind: 'not-posted', action: { state: 'void' } });
    expect(alone.starts).toBe(0);
  });

  test.each([
    ['the process was killed', () => new Promise<never>(() => undefined)],
    ['its connection broke', async () => lostPost],
  ])('is searched for only once a post has arrived during which %s', async (_, posting) => {
    const world = aWorld();
    const { notifier } = world.ports;
    const begunAt: number[] = [];
    const deliver: typeof notifier.deliver = (delivery) => {
      if (delivery.kind === 'request') begunAt.push(world.now);
      return begunAt.length === 1 ? posting() : notifier.deliver(delivery);
    };
    Object.assign(world.ports, { notifier: { deliver } });
    const asked = peopleOf(world).asks();
    await Promise.race([asked, expect.poll(() => begunAt).toHaveLength(1)]);
    const next = peopleOf(world);
    await next.actions.recover();
    await next.pass(10);
    const [first = 0, second = 0] = begunAt;
    expect(second - first).toBeGreaterThanOrEqual(3_000);
    expect(world.delivered).toEqual(['request requested']);
  });

  test('is started at once by the requester without approvers', async () => {
    const world = aWorld({ withoutApprovers: true });
    const people = peopleOf(world);
    expect(await people.asks()).toMatchObject({
      kind: 'starting',
      action: { state: 'starting', decider: requester },
    });
    await people.actions.settled();
    expect(world.starts).toBe(1);
  });

  test('the form shows the checks to those who may act', async () => {
    const world = aWorld();
    const { actions } = peopleOf(world);
    const asked = { queue: world.queue ?? aQueue(), place };
    expect(await actions.form({ ...asked, person: aPerson(requester) })).toMatchObject({
      kind: 'form',
      found: { messages: 1204, sources: { value: ['orders'] }, failed: [] },
    });
    expect((await actions.form({ ...asked, person: aPerson('U0NOBODY') })).kind).toBe('refused');
  });
});

describe('a call without a clear answer', () => {
  test('is never repeated, and started once its task is listed', async () => {
    const world = aWorld({ answers: () => lostAnswer });
    const { people, id } = await requested(world);
    await people.approves(id);
    await people.actions.settled();
    expect((await people.only()).state).toBe('unsure');
    await people.pass(10);
    expect([(await people.only()).state, world.starts]).toEqual(['started', 1]);
  });

  test.each([
    ['redrives are off', (world: World) => Object.assign(world, { queue: aQueue() })],
    ['the bot is read-only', (world: World) => Object.assign(world.ports, { readOnly: true })],
  ])('is found out by polling, although by now %s', async (_, changes) => {
    const world = aWorld({ answers: () => lostAnswer });
    const { people, id } = await requested(world);
    await people.approves(id);
    await people.actions.settled();
    changes(world);
    const next = peopleOf(world);
    await next.actions.recover();
    await next.pass(10);
    expect([(await next.only()).state, world.starts]).toEqual(['started', 1]);
  });

  test('is not started after a minute of polls without it', async () => {
    const world = aWorld({ answers: () => lostAnswer });
    const { people, id } = await requested(world);
    await people.approves(id);
    await people.actions.settled();
    world.list();
    await people.pass(70);
    expect([(await people.only()).state, world.starts]).toEqual(['not-started', 1]);
    expect(world.delivered).toContain('outcome not-started');
  });

  test('that AWS refused is rejected, with its reason', async () => {
    const world = aWorld({ answers: () => rejection });
    const { people, id } = await requested(world);
    await people.approves(id);
    await people.actions.settled();
    expect(await people.only()).toMatchObject({
      state: 'rejected',
      result: { code: 'AccessDenied', requestId: 'r9', roleArn: expect.stringContaining('role/') },
    });
  });
});

describe('a cancel', () => {
  const startedAt = now - 60_000;
  test.each([
    [requester, 'cancelling'],
    [approver, 'cancelling'],
    ['U0NOBODY', 'refused'],
  ])('by %s is %s', async (who, kind) => {
    const world = aWorld();
    const people = peopleOf(world);
    expect((await people.cancels(startedAt, who)).kind).toBe(kind);
    await people.actions.settled();
    expect(world.cancels).toEqual(kind === 'cancelling' ? [startedAt] : []);
  });

  test('is shown, and of two only one is made', async () => {
    const world = aWorld();
    const people = peopleOf(world);
    const two = await Promise.all([people.cancels(startedAt), people.cancels(startedAt, approver)]);
    await people.actions.settled();
    expect(two.map(({ kind }) => kind).toSorted()).toEqual(['cancelling', 'open']);
    expect([world.cancels.length, world.delivered, world.starts]).toEqual([1, ['outcome cancelled'], 0]);
  });
});

describe('after the clock went back', () => {
  const refused = { kind: 'retry-later', because: 'refused', maybeDelivered: false, why: 'x' } as const;

  test('does what was planned within minutes, not when the clock has caught up', async () => {
    const { world, people, id } = await requested();
    world.delivers = () => refused;
    await people.declines(id);
    await people.pass(60);
    world.delivers = () => ({ kind: 'delivered' });
    world.now -= 24 * 3_600_000;
    const restarted = peopleOf(world, createLocalActions(world.ports));
    await restarted.actions.recover();
    await restarted.pass(6 * 60);
    expect(world.delivered).toEqual(['request requested', 'update declined', 'outcome declined']);
  });

  test('a request expires after its planned time', async () => {
    const { world, people } = await requested();
    world.now -= 24 * 3_600_000;
    const restarted = peopleOf(world, createLocalActions(world.ports));
    await restarted.actions.recover();
    await restarted.pass(31 * 60);
    expect(await people.only()).toMatchObject({ state: 'expired' });
  });
});
