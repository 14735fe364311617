import pLimit from 'p-limit';
import type { LocalAws } from '../../sandbox/aws/local-aws.ts';

type Region = { region: string; dlqs: number; sourcesEach: number; plain: number };

/**
 * Creates queues as a company has them: DLQs with their sources, and others. Returns the ARNs of the DLQs.
 */
export async function makeQueues(
  { caretaker }: LocalAws,
  accountId: string,
  regions: readonly Region[],
): Promise<string[]> {
  const limit = pLimit(50);
  const made: string[] = [];
  const create = (arn: string, Attributes = {}) =>
    limit(() => caretaker.call(arn, 'CreateQueue', { Attributes }));
  await Promise.all(
    regions.flatMap(({ region, dlqs, sourcesEach, plain }) => {
      const arnOf = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
      const some = Array.from({ length: plain }, (_, i) => create(arnOf(`plain-${i}`)));
      const dead = Array.from({ length: dlqs }, async (_, i) => {
        const deadLetterTargetArn = arnOf(`work-${region}-${i}-dlq`);
        made.push(deadLetterTargetArn);
        await create(deadLetterTargetArn);
        const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
        const sources = Array.from({ length: sourcesEach }, (_one, n) => arnOf(`work-${region}-${i}-${n}`));
        await Promise.all(sources.map((arn) => create(arn, { RedrivePolicy })));
      });
      return [...some, ...dead];
    }),
  );
  return made.toSorted();
}

/** The most of these times within one second. */
export function mostInASecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  return Math.max(0, ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + 1_000).length));
}
