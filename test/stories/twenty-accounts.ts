import { startLocalAws } from '../../sandbox/aws/local-aws.ts';
import type { TestBot } from '../support/bot.ts';
import { aQueue } from '../support/builders.ts';

const accounts = Array.from({ length: 20 }, (_, i) => ({
  id: String(100_000_000_000 + i),
  label: `account-${i + 1}`,
}));
export const queues = accounts.flatMap(({ id, label }) =>
  Array.from({ length: 10 }, (_, i) =>
    aQueue({ accountId: id, account: { label, id }, name: `${label}-queue-${i}-dlq` }),
  ),
);
/** Two queues of healthy accounts with roles of their own, so that only they can be slow. */
export const slowQueues = [queues[57], queues[123]].flatMap((queue) => queue ?? []);
for (const queue of slowQueues) queue.role = { arn: `arn:aws:iam::${queue.accountId}:role/slow` };

export const allButTwo = [
  '200 queues',
  '2 unknown · 198 queues are empty and idle',
  '⚠️ No answer from account-6: 1 queue (`account-6-queue-7-dlq`)',
  '⚠️ No answer from account-13: 1 queue (`account-13-queue-3-dlq`)',
];

export const slow = { kind: 'slow', ms: 20_000 } as const;

export async function startTwentyAccounts() {
  const aws = await startLocalAws({
    roles: [...new Set(queues.map(({ role }) => role.arn))].map((arn) => ({ arn })),
  });
  for (const { arn } of queues) {
    aws.script(arn, [[]]);
    aws.setDepth(arn, { waiting: 0, inFlight: 0, delayed: 0 });
  }
  return aws;
}

/** What Ann reads, without the time of the poll, and how long she waited. */
export async function overviewOf(bot: TestBot): Promise<{ lines: string[]; ms: number }> {
  const startedAt = performance.now();
  await bot.slack.as('UANN').types('CGENERAL', '/dlq-tasks');
  await bot.settled();
  const [message] = bot.slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');
  return { lines: message?.text.split('\n').slice(0, -1) ?? [], ms: performance.now() - startedAt };
}
