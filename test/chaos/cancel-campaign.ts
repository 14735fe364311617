import { setTimeout as sleep } from 'node:timers/promises';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';
import { hasButton } from './people.ts';
import type { Random } from './seeded-random.ts';
import type { Stage } from './stage.ts';

export type CancelClick = { person: string; at: number };

/** Every third queue holds so much that its redrives run until somebody cancels them. */
export const runsUntilCanceled = (index: number) => index % 3 === 1;

export async function fillQueues(
  { aws, queues }: Pick<Stage, 'aws' | 'queues'>,
  messages: number,
): Promise<void> {
  const full = queues.filter((_, index) => runsUntilCanceled(index));
  await Promise.all(full.map(({ arn }) => aws.caretaker.deadLetter(arn, messages)));
}

/** People whose click gets no answer, or whose cancel had no effect, click again. */
export function cancelingPeople({ slack }: Pick<Stage, 'slack'>, isOver: () => boolean) {
  const clicks: CancelClick[] = [];

  async function click(person: string, card: PageMessage): Promise<void> {
    const at = Date.now();
    const { ok } = await slack.as(person).clicks(card, 'Cancel…');
    if (ok) clicks.push({ person, at });
  }

  return {
    /** The clicks that the bot has acknowledged. */
    clicks,
    async cancel(card: PageMessage, [one, other]: readonly [string, string], random: Random): Promise<void> {
      const current = () => slack.messages(card.channel).find(({ ts }) => ts === card.ts);
      const isActive = () =>
        /Starting…|No clear answer|Waiting for SQS|Running|Canceling/.test(current()?.text ?? '');
      while (!isOver() && isActive()) {
        await sleep(random.between(100, 1_500));
        if (!hasButton(current()?.blocks, 'Cancel…')) continue;
        const people = random.pick([one], [one, one], [one, one, other]);
        await Promise.all(people.map((person) => click(person, card)));
        await sleep(random.between(500, 3_000));
      }
    },
  };
}
