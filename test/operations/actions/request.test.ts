import { describe, expect, test } from 'vitest';
import type { DeliveryResult } from '../../../src/domain/delivery.ts';
import { createLocalActions } from '../../../src/operations/actions/actions.ts';
import type { MembersOfPrivate } from '../../../src/operations/actions/ports.ts';
import { StoreUnusable } from '../../../src/operations/watching/watch-store.ts';
import { approver, other, redriveRules, requester } from '../../domain/actions/an-action.ts';
import { anAwsError, aQueue, aTask } from '../../support/builders.ts';
import { aPerson, aWorld, form, peopleOf, place, type World } from './a-world.ts';

const lost: DeliveryResult = {
  ...{ kind: 'retry-later', because: 'trouble', maybeDelivered: true, why: 'HTTP 500' },
};

describe('nothing is requested, and nothing started without approvers,', () => {
  const nothingHappened = async (world: World) =>
    expect([await world.store.list({ atMost: 9 }), world.starts, world.delivered]).toEqual([[], 0, []]);

  test.each([
    ['while a redrive runs', (world: World) => world.list(aTask())],
    ['while one is being canceled', (world: World) => world.list(aTask({ status: 'CANCELLING' }))],
    [
      'while that cannot be told',
      (world: World) => world.moveTasks.answers({ ok: false, awsError: anAwsError() }),
    ],
  ])('%s', async (_when, happens) => {
    const world = aWorld({ withoutApprovers: true });
    happens(world);
    expect(await peopleOf(world).asks()).toMatchObject({
      ...{ kind: 'checks-failed', found: { failed: [{ name: 'nothing-active' }] } },
    });
    await nothingHappened(world);
  });

  test('where redrives are off', async () => {
    const world = aWorld({ withoutApprovers: true });
    world.queue = aQueue({ noRedrive: 'off' });
    expect(await peopleOf(world).asks()).toEqual({
      ...{ kind: 'refused', refusal: { because: 'redrive-off', why: 'off' } },
    });
    await nothingHappened(world);
  });
});

describe('a request in a direct message, which no approver sees,', () => {
  test.each<[string, Parameters<typeof aWorld>[0], object]>([
    ['is refused', {}, { kind: 'refused', refusal: { because: 'direct-message' } }],
    ['is made in the channel for requests', { rules: { channel: 'C0789' } }, { kind: 'requested' }],
    ['needs nobody without approvers', { withoutApprovers: true }, { kind: 'starting' }],
  ])('%s', async (_what, given, answer) => {
    expect(await peopleOf(aWorld(given)).asks(requester, { isDirect: true })).toMatchObject(answer);
  });
});

describe('a request in a private channel', () => {
  const groups = { approvers: { users: [approver, requester], userGroups: ['S0APP'] } };

  /** Whether the requester is told that no approver is there. */
  async function isUnseen(membersOfPrivate: MembersOfPrivate | undefined, given: Partial<Given> = {}) {
    const world = aWorld({ rules: groups, withoutApprovers: given.withoutApprovers ?? false });
    world.members.set('S0APP', ['U0LEAD']);
    if (given.isGroupUnknown) world.members.delete('S0APP');
    if (given.isRefused) world.delivers = () => lost;
    if (membersOfPrivate) Object.assign(world.ports, { membersOfPrivate });
    const answer = await peopleOf(world).asks();
    return 'unseen' in answer && answer.unseen;
  }
  type Given = { isGroupUnknown: boolean; isRefused: boolean; withoutApprovers: boolean };
  const having =
    (...people: string[]): MembersOfPrivate =>
    async (channel) =>
      channel === place.channel ? people : [];

  test('is unseen only if none of those who may approve it is there', async () => {
    expect([
      await isUnseen(having(requester, other)),
      await isUnseen(having(requester, approver)),
      await isUnseen(having(requester, 'U0LEAD')),
    ]).toEqual([true, false, false]);
  });

  test('is not called unseen if that is not known, or nobody needs to see it', async () => {
    const nobody = having(requester);
    expect([
      await isUnseen(undefined),
      await isUnseen(async () => undefined),
      await isUnseen(nobody, { isGroupUnknown: true }),
      await isUnseen(nobody, { isRefused: true }),
      await isUnseen(nobody, { withoutApprovers: true }),
    ]).toEqual([false, false, false, false, false]);
  });
});

describe('a request is posted', () => {
  const placeOf = async (channel: string | undefined, asked = place) => {
    const people = peopleOf(aWorld({ rules: channel === undefined ? {} : { channel } }));
    await people.asks(requester, { place: asked });
    return (await people.only()).place;
  };

  test('where it was asked, unless the settings name another channel', async () => {
    const inThread = { channel: 'C0123', thread: '9.9' };
    const message = '100.1';
    expect([
      await placeOf(undefined, inThread),
      await placeOf('C0123', inThread),
      await placeOf('C0789', inThread),
    ]).toEqual([
      { ...inThread, message },
      { ...inThread, message },
      { channel: 'C0789', askedIn: inThread, message },
    ]);
  });

  test('once for a form that is submitted twice, and logged once', async () => {
    const world = aWorld();
    const people = peopleOf(world);
    const answers = [await people.asks(requester, { id: 'f1' }), await people.asks(requester, { id: 'f1' })];
    expect(answers.map(({ kind }) => kind)).toEqual(['requested', 'open']);
    expect(world.logged.map(({ to }) => to)).toEqual(['requested']);
  });
});

test('the form of a queue with a request shows that its message is still there, or posts it again', async () => {
  const world = aWorld();
  const people = peopleOf(world);
  await people.asks();
  const isGone = new Set(['update']);
  world.delivers = (kind) =>
    isGone.delete(kind)
      ? { kind: 'rejected', because: 'message-gone', why: 'message_not_found' }
      : { kind: 'delivered', message: { channel: 'C0123', ts: '200.2' } };
  const asked = { queue: world.queue ?? aQueue(), place, person: aPerson(other) };
  expect(await people.actions.form(asked)).toMatchObject({ kind: 'form', found: { open: { requester } } });
  await people.actions.settled();
  expect([world.delivered, (await people.only()).place.message]).toEqual([
    ['request requested', 'request requested'],
    '200.2',
  ]);
});

test('the engine is woken when nothing can be stored, so that it finds out when that is possible again', async () => {
  const world = aWorld();
  let woken = 0;
  const full = new StoreUnusable({ kind: 'disk-full' });
  const store = { ...world.store, add: () => Promise.reject(full) };
  const actions = createLocalActions({ ...world.ports, store }, () => {
    woken += 1;
  });
  const asked = { queue: world.queue ?? aQueue(), person: aPerson(requester), place, form };
  await expect(actions.request(asked)).rejects.toBe(full);
  expect(woken).toBe(1);
});

describe('a chosen destination', () => {
  const destinationArn = aQueue({ name: 'by-hand' }).arn;

  test('is needed after a redrive that failed without one, also at the approval', async () => {
    const world = aWorld({ rules: { destinations: [destinationArn] } });
    const failed = aTask({ status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource' });
    world.list(failed);
    const people = peopleOf(world);
    expect(await people.asks()).toMatchObject({
      ...{ kind: 'checks-failed', found: { failed: [{ name: 'source-is-known' }] } },
    });
    const answer = await people.asks(requester, { form: { ...form, destinationArn } });
    expect(answer.kind).toBe('requested');
    const { id } = await people.only();
    expect((await people.approves(id)).kind).toBe('starting');
  });

  test('is checked, stored, and where the messages are sent; without one they go back to their sources', async () => {
    for (const destination of [destinationArn, undefined]) {
      const world = aWorld({
        rules: redriveRules({ destinations: [destinationArn] }),
        withoutApprovers: true,
      });
      const orders: unknown[] = [];
      const { start } = world.ports.redrives;
      const redrives: typeof world.ports.redrives = {
        ...world.ports.redrives,
        start: (queue, order) => {
          orders.push(order);
          return start(queue, order);
        },
      };
      Object.assign(world.ports, { redrives });
      const people = peopleOf(world);
      const sent = destination === undefined ? {} : { destinationArn };
      await people.asks(requester, { form: { ...form, ...sent } });
      await people.actions.settled();
      const acting = { requester, decider: requester };
      expect(orders).toStrictEqual([{ rate: 10, ...sent, people: acting }]);
      expect((await people.only()).destinationArn).toBe(destination);
    }
  });
});
