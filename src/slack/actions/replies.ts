import { mayBeSeenIn, type Queue } from '../../domain/queue.ts';
import type { Message } from '../blocks.ts';
import { noReply, type Reply } from '../reply.ts';
import type { SlackRequest } from '../request.ts';

type Facts = Pick<Reply, 'outcome' | 'queueArn'>;

export function toAsker(message: Message, facts: Facts): Reply {
  return { to: 'asker', message, ...facts };
}

/** Nobody: the channel sees it. */
export function toAskerOrNobody(message: Message | undefined, facts: Facts): Reply {
  return message ? toAsker(message, facts) : noReply(facts);
}

/** A listed queue that the channel of a request may see. */
export function queueSeenIn(queues: readonly Queue[]) {
  return (request: SlackRequest, arn: string | undefined) =>
    queues.find((queue) => queue.arn === arn && mayBeSeenIn(queue, request.asker.channelId));
}
