import type { LocalSlackOptions } from '../../sandbox/slack/local-slack.ts';
import type { RedriveRules } from '../../src/domain/actions/redrive-settings.ts';
import type { MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { CallAnswer, CancelOrder, StartOrder } from '../../src/operations/actions/redrives.ts';
import { type BotGiven, startTestBot } from '../support/bot.ts';
import { aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';

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
  queue?: Partial<Queue>;
  more?: readonly Queue[];
  slack?: Partial<LocalSlackOptions>;
} & Partial<Pick<BotGiven, 'access' | 'readOnly'>>;

/** A bot whose settings have `redrive`, with a queue of 1,204 messages, and an AWS that a test controls. */
export async function anActionsStage(given: Given = {}) {
  const { approvers: _, ...alone } = { ...rules, ...given.rules };
  const redrive: RedriveRules = given.withoutApprovers ? alone : { ...rules, ...given.rules };
  const queue = aQueue({ name: 'payments-dlq', redrive, ...given.queue });
  const aws = fakeMoveTasks();
  aws.holds({ ok: true, value: { waiting: 1204, inFlight: 0, delayed: 0 } });
  const stage = {
    clock: now,
    tasks: [] as MoveTask[],
    starts: [] as StartOrder[],
    cancels: [] as CancelOrder[],
    answers: (): CallAnswer | Promise<CallAnswer> => ({ kind: 'accepted', requestId: 'r1' }),
  };
  const lists = (...tasks: MoveTask[]) => {
    stage.tasks = tasks;
    aws.lists(...tasks);
  };
  const bot = await startTestBot({
    moveTasks: aws,
    queues: [queue, ...(given.more ?? [])],
    clock: () => stage.clock,
    slack: { people, userGroups: { SONCALL: ['UANN', 'UCYD'], SLEADS: ['UBOB'] }, ...given.slack },
    redrives: {
      start: async (_queue, order) => {
        stage.starts.push(order);
        const answer = await stage.answers();
        const { rate: customRate, destinationArn } = order;
        const to = destinationArn === undefined ? {} : { destinationArn };
        if (answer.kind !== 'rejected')
          lists(
            aTask({ startedAt: stage.clock + 1, moved: 0, toMove: 1204, customRate, ...to }),
            ...stage.tasks,
          );
        return answer;
      },
      cancel: async (_queue, order) => {
        stage.cancels.push(order);
        const answer = await stage.answers();
        if (answer.kind === 'accepted')
          lists(
            ...stage.tasks.map((task) => ({
              ...task,
              status: 'CANCELLING' as const,
              statusText: 'CANCELLING',
            })),
          );
        return answer;
      },
      sources: async () => ({ ok: true, value: ['arn:aws:sqs:eu-west-1:111122223333:payments'] }),
    },
    ...(given.access && { access: given.access }),
    ...(given.readOnly && { readOnly: true }),
  });

  async function settle() {
    await bot.settled();
    await bot.actions?.tick();
    await bot.watcher.tick();
  }
  const say = (person: string) => bot.slack.as(person);

  return Object.assign(stage, {
    bot,
    aws,
    queue,
    lists,
    settle,
    /** Time passes, and the bot does what becomes due. */
    async timePasses(seconds: number) {
      const until = stage.clock + seconds * 1000;
      while (stage.clock < until) {
        stage.clock = Math.min(until, stage.clock + 1000);
        await settle();
      }
    },
    async types(person: string, text: string, channel = 'CGENERAL', threadTs?: string) {
      const result = await say(person).types(channel, text, threadTs);
      await bot.settled();
      return result;
    },
    async clicks(person: string, words: string, message: { channel: string; ts: string }, value?: string) {
      const result = await say(person).clicks(message, words, value);
      await settle();
      return result;
    },
    async submits(person: string, fields = form as Record<string, string>, how = {}) {
      const result = await say(person).submits(fields, how);
      await settle();
      return result;
    },
    /** A submission that no form of Slack would make. */
    async submitsForged(person: string, view: object, typed = { rate: '10', reason: 'The bug is fixed' }) {
      const values = { rate: { rate: { value: typed.rate } }, reason: { reason: { value: typed.reason } } };
      const user = { id: person, team_id: 'T1' };
      const shown = { type: 'modal', id: 'V1', state: { values }, ...view };
      const payload = JSON.stringify({ type: 'view_submission', team: { id: 'T1' }, user, view: shown });
      const delivered = await bot.slack.deliver({ body: `payload=${encodeURIComponent(payload)}` });
      await settle();
      return delivered;
    },
    ours: (channel = 'CGENERAL') => bot.slack.messages(channel).filter(({ author }) => author === 'UBOT'),
    told: (person: string) => bot.slack.privateWords(person).map(({ text }) => text),
    /** All texts of the form that a person has open. */
    formOf: (person: string) => JSON.stringify(say(person).modal() ?? 'no form'),
    async requested(person = 'UANN') {
      await this.types(person, '/dlq-tasks redrive payments-dlq');
      await this.submits(person);
      const message = this.ours().at(-1);
      if (!message) throw new Error(`no request: ${this.told(person).join('\n')} ${this.formOf(person)}`);
      return message;
    },
    shown: (message: { channel: string; ts: string }) =>
      bot.slack.messages(message.channel).find(({ ts }) => ts === message.ts)?.text ?? '',
    thread: (message: { channel: string; ts: string }) =>
      bot.slack
        .thread(message.channel, message.ts)
        .slice(1)
        .map(({ text }) => text),
  });
}
export type ActionsStage = Awaited<ReturnType<typeof anActionsStage>>;

export const buttonsOf = (message: { blocks?: unknown[] } | undefined) =>
  [...JSON.stringify(message?.blocks ?? []).matchAll(/"action_id":"([^"]+)"/g)].map(([, id]) => id);
