import { inject } from 'vitest';
import type { LocalSlackOptions } from '../../sandbox/slack/local-slack.ts';
import { isOpen } from '../../src/domain/actions/lifecycle.ts';
import type { MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { AccessRules, RedriveRules } from '../../src/domain/settings.ts';
import type { CallAnswer, CancelOrder, StartOrder } from '../../src/operations/actions/ports.ts';
import { stillWaitingView } from '../../src/slack/views/unexpected-error.ts';
import { type Folders, withSettings } from '../packaging/with-settings.ts';
import { openToAll } from '../support/bot.ts';
import { anAwsError, aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';
import type { Backing, BackingGiven } from './backing.ts';
import { inOneProcess } from './in-one-process.ts';
import { onTheFunctions } from './on-the-functions.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packaged functions, where the stories are told of them. */
    functions?: Folders;
  }
}

/** Ann of SONCALL may request, Bob of SLEADS may approve; Cyd is in neither group. */
export const rules: RedriveRules = {
  role: { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-redrive' },
  requesters: { users: [], userGroups: ['SONCALL'] },
  approvers: { users: [], userGroups: ['SLEADS'] },
  messagesPerSecond: { default: 10, max: 50 },
  expireAfterMinutes: 30,
  destinations: [],
};

const people = [
  { id: 'UANN', name: 'ann', colour: 'teal', teamId: 'T1' },
  { id: 'UBOB', name: 'bob', colour: 'plum', teamId: 'T1' },
  { id: 'UCYD', name: 'cyd', colour: 'navy', teamId: 'T1' },
  { id: 'UEVE', name: 'eve', colour: 'gray', teamId: 'T2' },
];

export const form = { 'Messages per second': '10', Reason: 'The bug is fixed' };

type Given = {
  rules?: Partial<RedriveRules>;
  withoutApprovers?: boolean;
  /** The settings have no `redrive`. */
  isOff?: boolean;
  queue?: Partial<Queue>;
  more?: readonly Queue[];
  slack?: Partial<LocalSlackOptions>;
  access?: AccessRules;
  readOnly?: boolean;
};

/** In one process, unless this run is about the packaged functions. */
function theBacking(given: BackingGiven): Promise<Backing> {
  const functions = inject('functions');
  if (!functions) return inOneProcess(given);
  return onTheFunctions({ with: async (settings) => withSettings(functions, settings) }, given);
}

/** A bot whose settings have `redrive`, with a queue of 1,204 messages, and an AWS that a test controls. */
export async function anActionsStage(given: Given = {}, open = theBacking) {
  const { approvers: _, ...alone } = { ...rules, ...given.rules };
  const redrive: RedriveRules = given.withoutApprovers ? alone : { ...rules, ...given.rules };
  const queue = aQueue({ name: 'payments-dlq', ...(!given.isOff && { redrive }), ...given.queue });
  const aws = fakeMoveTasks();
  aws.holds({ ok: true, value: { waiting: 1204, inFlight: 0, delayed: 0 } });
  const rest = {
    tasks: [] as MoveTask[],
    starts: [] as StartOrder[],
    cancels: [] as CancelOrder[],
    answers: (): CallAnswer | Promise<CallAnswer> => ({ kind: 'accepted', requestId: 'r1' }),
    /** What becomes of a task that is started here. Undefined: SQS drops it. */
    becomes: {} as Partial<MoveTask> | undefined,
    /** False: the role that acts cannot be assumed. */
    isReachable: true,
  };
  const lists = (...tasks: MoveTask[]) => {
    rest.tasks = tasks;
    aws.lists(...tasks);
  };
  const queues = [queue, ...(given.more ?? [])];
  const backing = await open({
    ...{ queues, now, moveTasks: aws, access: given.access ?? openToAll, readOnly: given.readOnly ?? false },
    isReachable: () => stage.isReachable,
    slack: { people, userGroups: { SONCALL: ['UANN', 'UCYD'], SLEADS: ['UBOB'] }, ...given.slack },
    redrives: {
      start: async (_queue, order) => {
        if (!stage.isReachable) return { kind: 'rejected', awsError: unreachable };
        stage.starts.push(order);
        const answer = await stage.answers();
        const { rate: customRate, destinationArn } = order;
        const to = destinationArn === undefined ? {} : { destinationArn };
        const startedAt = Math.floor(backing.clock) + 1;
        if (answer.kind === 'rejected' || !stage.becomes) return answer;
        const task = aTask({ startedAt, moved: 0, toMove: 1204, customRate, ...to, ...stage.becomes });
        lists(task, ...stage.tasks);
        if (queue.notify !== undefined)
          backing.reportsStart(queue, startedAt, { user: order.people.requester, isHere: true });
        return answer;
      },
      cancel: async (_queue, order) => {
        stage.cancels.push(order);
        const answer = await stage.answers();
        if (answer.kind === 'accepted') becomes({ status: 'CANCELLING' });
        return answer;
      },
      sources: async () => ({ ok: true, value: ['arn:aws:sqs:eu-west-1:111122223333:payments'] }),
    },
  });
  const { slack, actions } = backing;
  const say = (person: string) => slack.as(person);
  /** Every task, from now on. */
  const becomes = (given: Partial<MoveTask> & Pick<MoveTask, 'status'>) =>
    lists(...stage.tasks.map((task) => ({ ...task, statusText: given.status, ...given })));

  const stage = Object.assign(rest, {
    slack,
    backing,
    aws,
    queue,
    lists,
    settle: backing.settled,
    answered: backing.answered,
    timePasses: backing.timePasses,
    openOf: async (arn = queue.arn) => (await actions?.list({ queueArn: arn, atMost: 20 }))?.find(isOpen),
    newest: async () => (await actions?.list({ atMost: 1 }))?.[0],
    completes: () => becomes({ status: 'COMPLETED', moved: 1204 }),
    cancelled: () => becomes({ status: 'CANCELLED' }),
    /** Time passes at once; the bot does then what became due. */
    leaps: (minutes: number) => {
      backing.clock += minutes * 60_000;
    },
    /** Somebody else starts a redrive, in the console. */
    startsElsewhere(task: Partial<MoveTask> = {}) {
      const startedAt = Math.floor(backing.clock);
      lists(aTask({ startedAt, ...task }));
      backing.reportsStart(queue, startedAt, { user: 'zoe', isHere: false });
    },
    async types(person: string, text: string, channel = 'CGENERAL', threadTs?: string) {
      const result = await say(person).types(channel, text, threadTs);
      await backing.answered();
      return result;
    },
    async clicks(person: string, words: string, message: { channel: string; ts: string }, value?: string) {
      const result = await say(person).clicks(message, words, value);
      await backing.settled();
      return result;
    },
    async submits(person: string, fields = form as Record<string, string>, how = {}) {
      const result = await say(person).submits(fields, how);
      await backing.settled();
      return result;
    },
    /** A submission that no form of Slack would make. Answers all that the person sees of it. */
    async submitsForged(person: string, view: object, typed = { rate: '10', reason: 'The bug is fixed' }) {
      const values = { rate: { rate: { value: typed.rate } }, reason: { reason: { value: typed.reason } } };
      const user = { id: person, team_id: 'T1' };
      const shown = { type: 'modal', id: 'V1', state: { values }, ...view };
      const payload = JSON.stringify({ type: 'view_submission', team: { id: 'T1' }, user, view: shown });
      const delivered = await slack.deliver({ body: `payload=${encodeURIComponent(payload)}` });
      await backing.settled();
      return [delivered?.body, ...stage.told(person)].join('\n');
    },
    ours: (channel = 'CGENERAL') => slack.messages(channel).filter(({ author }) => author === 'UBOT'),
    /** Without what a busy machine lets the bot say, too: that it takes longer than usual. */
    told: (person: string) =>
      slack.privateWords(person).flatMap(({ text }) => (text === stillWaitingView().text ? [] : text)),
    /** All texts of the form that a person has open. */
    formOf: (person: string) => JSON.stringify(say(person).modal() ?? 'no form'),
    async requested(person = 'UANN') {
      await stage.types(person, '/dlq-tasks redrive payments-dlq');
      await stage.submits(person);
      const message = stage.ours().at(-1);
      if (!message) {
        const seen = [...stage.told(person), stage.formOf(person), backing.log()];
        throw new Error(`There is no request.\n${seen.join('\n')}`);
      }
      return message;
    },
    shown: (message: { channel: string; ts: string }) =>
      slack.messages(message.channel).find(({ ts }) => ts === message.ts)?.text ?? '',
    thread: (message: { channel: string; ts: string }) =>
      slack
        .thread(message.channel, message.ts)
        .slice(1)
        .map(({ text }) => text),
    [Symbol.asyncDispose]: () => backing[Symbol.asyncDispose](),
  });
  return stage;
}
export type ActionsStage = Awaited<ReturnType<typeof anActionsStage>>;

const unreachable = anAwsError({
  ...{ kind: 'unreachable', service: 'STS', action: 'sts:AssumeRole', code: 'ECONNREFUSED' },
  detail: 'connect ECONNREFUSED',
});

export const buttonsOf = (message: { blocks?: unknown[] } | undefined) =>
  [...JSON.stringify(message?.blocks ?? []).matchAll(/"action_id":"([^"]+)"/g)].map(([, id]) => id);
