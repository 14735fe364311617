import { setTimeout as pause } from 'node:timers/promises';
import type { Caretaker } from './caretaker.ts';
import { type DemoAlias, demoAccounts, demoQueues, demoRedriveRoles, quietQueues } from './demo-queues.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './local-aws.ts';

type Seed = (caretaker: Caretaker, arn: string) => Promise<void>;

/** The history of each queue when the demo begins. */
const seeds: Record<DemoAlias, Seed> = {
  'orders-dlq': running({ messages: 3_000, messagesPerSecond: 3 }),
  'payments-dlq': completed(240),
  'emails-dlq': canceled,
  'webhooks-dlq': failed,
  'refunds-dlq': async () => {},
  'shipments-dlq': severalTasks,
  'ledger-dlq.fifo': completed(20),
  stock: running({ messages: 600, messagesPerSecond: 1 }),
  'events-eu': completed(12),
  'events-us': async (caretaker, arn) => caretaker.deadLetter(arn, 5),
  invoices: running({ messages: 1_200, messagesPerSecond: 2 }),
  'reports-dlq': async (caretaker, arn) => caretaker.deadLetter(arn, 100),
  'exports-dlq': async (caretaker, arn) => caretaker.deadLetter(arn, 60),
  'notifications-dlq': async (caretaker, arn) => caretaker.deadLetter(arn, 40),
};

/** The demo's AWS, with its accounts and roles, and no queues yet. */
export function startDemoAws(options: Omit<LocalAwsOptions, 'roles' | 'queues'> = {}): Promise<LocalAws> {
  const reading = Object.values(demoAccounts).map(({ roleArn, ...rest }) => ({ arn: roleArn, ...rest }));
  const redriving = Object.values(demoRedriveRoles).map((role) => ({
    ...role,
    redrives: true,
    trust: ['sts:SetSourceIdentity'],
  }));
  return startLocalAws({ ...options, roles: [...reading, ...redriving] });
}

/** Creates the demo's queues, with real messages and real move tasks. Takes some seconds. */
export async function seedDemo({ caretaker }: LocalAws): Promise<void> {
  for (const { arn } of quietQueues) await caretaker.addQueue({ arn });
  await Promise.all(
    demoQueues.map(async ({ alias, arn }) => {
      await caretaker.addQueue({ arn });
      await seeds[alias](caretaker, arn);
    }),
  );
}

function running({ messages, messagesPerSecond }: { messages: number; messagesPerSecond: number }): Seed {
  return async (caretaker, arn) => {
    await caretaker.deadLetter(arn, messages);
    await caretaker.startRedrive(arn, { messagesPerSecond });
  };
}

function completed(messages: number): Seed {
  return async (caretaker, arn) => {
    await caretaker.deadLetter(arn, messages);
    await caretaker.startRedrive(arn);
    await caretaker.finished(arn);
  };
}

async function canceled(caretaker: Caretaker, arn: string): Promise<void> {
  await caretaker.deadLetter(arn, 90);
  await caretaker.startRedrive(arn, { messagesPerSecond: 20 });
  await pause(1_200);
  await caretaker.cancelRedrive(arn);
  await caretaker.finished(arn);
}

/** SQS knows no source for messages that were sent directly to the DLQ. */
async function failed(caretaker: Caretaker, arn: string): Promise<void> {
  await caretaker.send(arn, 8);
  await caretaker.startRedrive(arn);
  await caretaker.finished(arn);
}

async function severalTasks(caretaker: Caretaker, arn: string): Promise<void> {
  await completed(30)(caretaker, arn);
  await failed(caretaker, arn);
  await canceled(caretaker, arn);
  const destinationArn = arn.replace('shipments-dlq', 'shipments-by-hand');
  await caretaker.call(destinationArn, 'CreateQueue');
  await caretaker.startRedrive(arn, { destinationArn });
  await caretaker.finished(arn);
}
