import { ListDeadLetterSourceQueuesCommand } from '@aws-sdk/client-sqs';
import type { Outcome } from '../domain/aws-error.ts';
import { queueUrl } from '../domain/partitions.ts';
import type { Queue } from '../domain/queue.ts';
import type { AskAsRole } from './ask-as-role.ts';

const onOnePage = 1000;
const pagesAtMost = 20;

/** ARNs of the queues that use it as their dead-letter queue; they are in its account and region. */
export async function sourceQueues(queue: Queue, ask: AskAsRole): Promise<Outcome<string[]>> {
  const found: string[] = [];
  let next: string | undefined;
  for (let page = 1; page <= pagesAtMost; page += 1) {
    const input = { QueueUrl: queueUrl(queue), MaxResults: onOnePage, ...(next && { NextToken: next }) };
    const answer = await ask(queue, 'sqs:ListDeadLetterSourceQueues', (sqs, options) =>
      sqs.send(new ListDeadLetterSourceQueuesCommand(input), options),
    );
    if (!answer.ok) return answer;
    found.push(...(answer.value.queueUrls ?? []).flatMap((url) => arnOf(url, queue)));
    next = answer.value.NextToken;
    if (!next) break;
  }
  return { ok: true, value: [...new Set(found)] };
}

function arnOf(url: string, { partition, region, accountId }: Queue): string[] {
  const name = /\/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)$/.exec(url)?.[1];
  return name === undefined ? [] : [`arn:${partition}:sqs:${region}:${accountId}:${name}`];
}
