import type { Caretaker } from './caretaker.ts';
import { type DemoAlias, demoArn } from './demo-queues.ts';
import type { LocalAws } from './local-aws.ts';
import { sourcesOf } from './local-queue.ts';
import type { PageSwitch } from './page-faults.ts';

type DemoRedrive = {
  alias: DemoAlias;
  /** What a person will see of it. */
  outcome: string;
  messages: number;
  messagesPerSecond: number;
  /** Messages without a source, behind the others: the task fails when it reaches them. */
  unknownMessages?: number;
  /** The source's worker fails too, and holds each message for this long. */
  workerHoldsSeconds?: number;
  /** A worker that failed for good would fill the DLQ of a later redrive at once. Left out: for three minutes. */
  workerFailsMinutes?: number;
};

const redrives: DemoRedrive[] = [
  {
    alias: 'reports-dlq',
    outcome: 'done in a minute, announced in #queues',
    messages: 100,
    messagesPerSecond: 2,
  },
  {
    alias: 'exports-dlq',
    outcome: 'fails midway',
    messages: 60,
    messagesPerSecond: 2,
    unknownMessages: 5,
  },
  {
    alias: 'notifications-dlq',
    outcome: 'its messages come back',
    messages: 40,
    messagesPerSecond: 4,
    workerHoldsSeconds: 25,
  },
  {
    alias: 'payments-dlq',
    outcome: 'its messages come back while it runs',
    messages: 1_200,
    messagesPerSecond: 4,
    workerHoldsSeconds: 2,
    workerFailsMinutes: 5,
  },
  { alias: 'orders-dlq', outcome: 'takes 15 minutes', messages: 3_000, messagesPerSecond: 3 },
];

/** Switches for the sandbox page that start and cancel a redrive, as people do in the console. */
export function demoRedrives({ caretaker }: LocalAws): Promise<PageSwitch[]> {
  return Promise.all(redrives.map((redrive) => switchFor(caretaker, redrive)));
}

async function switchFor(caretaker: Caretaker, redrive: DemoRedrive): Promise<PageSwitch> {
  const arn = demoArn(redrive.alias);
  let isOn = false;
  const follow = (work: Promise<void>) => {
    isOn = true;
    void work
      .catch(() => undefined)
      .finally(() => {
        isOn = false;
      });
  };
  if (await caretaker.isRedriving(arn)) follow(caretaker.finished(arn));
  return {
    name: `redrive-${redrive.alias}`,
    label: `${redrive.alias}: ${redrive.outcome}`,
    kind: 'redrive',
    hint: `/dlq-tasks watch ${redrive.alias}`,
    isOn: () => isOn,
    set(on) {
      if (!on) void caretaker.cancelRedrive(arn).catch(() => undefined);
      else if (!isOn) follow(perform(caretaker, arn, redrive));
    },
  };
}

async function perform(caretaker: Caretaker, arn: string, redrive: DemoRedrive): Promise<void> {
  const {
    messages,
    messagesPerSecond,
    unknownMessages,
    workerHoldsSeconds,
    workerFailsMinutes = 3,
  } = redrive;
  // Leftovers of an earlier one would end this one at once.
  if (unknownMessages) await caretaker.empty(arn);
  const missing = messages - (await caretaker.count(arn));
  if (missing > 0) await caretaker.deadLetter(arn, missing);
  if (unknownMessages) await caretaker.send(arn, unknownMessages);
  const [source] = sourcesOf({ arn });
  if (source && workerHoldsSeconds) {
    const endWorker = caretaker.failAllMessages(source, workerHoldsSeconds);
    setTimeout(endWorker, workerFailsMinutes * 60_000).unref();
  }
  await caretaker.startRedrive(arn, { messagesPerSecond });
  await caretaker.finished(arn);
}
