import type { DeliveryKind } from '../../../src/domain/actions/action.ts';
import type { DeliveryResult } from '../../../src/domain/delivery.ts';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import type { Queue } from '../../../src/domain/queue.ts';
import type { RedriveRules } from '../../../src/domain/settings.ts';
import type { LocalActionStore } from '../../../src/operations/actions/action-store.ts';
import { createLocalActions, type LocalActionPorts } from '../../../src/operations/actions/actions.ts';
import type { CallAnswer } from '../../../src/operations/actions/ports.ts';
import type { ActingPerson } from '../../../src/operations/actions/who-may-act.ts';
import { approver, redriveQueue, requester } from '../../domain/actions/an-action.ts';
import { anAwsError, aTask, now } from '../../support/builders.ts';
import { fakeMoveTasks } from '../../support/fake-move-tasks.ts';
import { memoryActionStore } from './memory-action-store.ts';

export const aPerson = (id: string, given: Partial<ActingPerson> = {}): ActingPerson => ({
  ...{ id, home: 'own', kind: 'person' },
  ...given,
});

type Given = {
  rules?: Partial<RedriveRules>;
  withoutApprovers?: boolean;
  store?: LocalActionStore;
  /** How a start is answered; it is done unless it is rejected. */
  answers?: () => CallAnswer;
};

/**
 * Everything around the actions: a queue with messages, an AWS, a Slack and a clock, all controlled by a
 * test.
 */
export function aWorld(given: Given = {}) {
  const moveTasks = fakeMoveTasks();
  moveTasks.holds({ ok: true, value: { waiting: 1204, inFlight: 0, delayed: 0 } });
  const { approvers: _, ...withoutApprovers } = redriveQueue(given.rules).redrive ?? {};
  const redrive = given.withoutApprovers
    ? (withoutApprovers as RedriveRules)
    : redriveQueue(given.rules).redrive;
  const world = {
    now,
    queue: { ...redriveQueue(), ...(redrive && { redrive }) } as Queue | undefined,
    members: new Map<string, readonly string[]>(),
    starts: 0,
    cancels: [] as number[],
    tasks: [] as MoveTask[],
    answers: given.answers ?? (() => ({ kind: 'accepted', requestId: 'r1' }) as CallAnswer),
    delivered: [] as string[],
    delivers: (_kind: DeliveryKind): DeliveryResult => ({
      kind: 'delivered',
      message: { channel: 'C0123', ts: '100.1' },
    }),
    logged: [] as Record<string, unknown>[],
    list: (...tasks: MoveTask[]) => {
      world.tasks = tasks;
      moveTasks.lists(...tasks);
    },
    moveTasks,
  };
  const store = given.store ?? memoryActionStore();
  const nothing = () => undefined;
  const ports: LocalActionPorts = {
    store,
    moveTasks,
    redrives: {
      start: async (_queue, { rate }) => {
        const answer = world.answers();
        world.starts += 1;
        if (answer.kind !== 'rejected') {
          world.list(aTask({ startedAt: world.now + 1, customRate: rate }), ...world.tasks);
        }
        return answer;
      },
      cancel: async (_queue, { startedAt }) => {
        const isOver = world.tasks.some((task) => task.startedAt === startedAt && task.status !== 'RUNNING');
        if (isOver) return { kind: 'had-ended' };
        const answer = world.answers();
        world.cancels.push(startedAt);
        if (answer.kind !== 'rejected')
          world.list(...world.tasks.map((task) => (task.startedAt === startedAt ? canceling(task) : task)));
        return answer;
      },
      sources: async () => ({ ok: true, value: ['orders'] }),
    },
    notifier: {
      deliver: async ({ kind, action }) => {
        const result = world.delivers(kind);
        if (result.kind === 'delivered') world.delivered.push(`${kind} ${action.state}`);
        return result;
      },
    },
    membersOf: async (group) => {
      const members = world.members.get(group);
      if (!members) throw new Error('Slack cannot tell.');
      return members;
    },
    access: { channels: [], users: [], userGroups: [], externalPeople: false },
    queueOf: (arn) => (world.queue?.arn === arn ? world.queue : undefined),
    readOnly: false,
    clock: () => world.now,
    random: () => 0.5,
    newId: () => `id${Math.random()}`,
    log: {
      debug: nothing,
      info: (facts) => void world.logged.push(facts),
      warn: nothing,
      error: (facts) => void world.logged.push(facts),
    },
  };
  return Object.assign(world, { ports, store });
}
export type World = ReturnType<typeof aWorld>;

const canceling = (task: MoveTask): MoveTask => ({
  ...task,
  status: 'CANCELLING',
  statusText: 'CANCELLING',
});

export const place = { channel: 'C0123' };
export const form = { rate: '10', reason: 'The consumer is fixed' };
export const rejection: CallAnswer = { kind: 'rejected', awsError: anAwsError({ requestId: 'r9' }) };
export const lostAnswer: CallAnswer = { kind: 'unsure', awsError: anAwsError({ kind: 'unreachable' }) };

/** The people of a world, who click. */
export function peopleOf(world: World, actions = createLocalActions(world.ports)) {
  const queue = () => world.queue ?? redriveQueue();
  const decision = (id: string, who: string) => ({ id, person: aPerson(who), channel: place.channel });
  return {
    actions,
    asks: (who = requester, given = {}) =>
      actions.request({ queue: queue(), person: aPerson(who), place, form, ...given }),
    approves: (id: string, who = approver, confirms?: number) =>
      actions.approve({ ...decision(id, who), ...(confirms !== undefined && { confirms }) }),
    declines: (id: string, who = approver) => actions.decline(decision(id, who)),
    withdraws: (id: string, who = requester) => actions.withdraw(decision(id, who)),
    cancels: (startedAt: number, who = requester) =>
      actions.cancel({ queue: queue(), person: aPerson(who), place, startedAt }),
    /** Runs the engine once per second for this many seconds. */
    pass: async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        world.now += 1000;
        await actions.settled();
        for (const id of await actions.due()) await actions.advance(id);
      }
    },
    /** Jumps from one due time to the next, until there is nothing left to do. */
    untilNothingIsDue: async () => {
      for (let input = 0; input < 1_000; input += 1) {
        await actions.settled();
        const at = await actions.nextDue();
        if (at === undefined) return;
        world.now = Math.max(world.now, at);
        for (const id of await actions.due()) await actions.advance(id);
      }
      throw new Error('Something is always due.');
    },
    only: async () => {
      const [action] = await world.store.list({ atMost: 1 });
      if (!action) throw new Error('There is no action.');
      return action;
    },
  };
}
