import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { createLocalQueue, type LocalQueue, sourcesOf } from './local-queue.ts';
import type { Params, SqsCall } from './sqs-caller.ts';

export type RedriveOptions = { messagesPerSecond?: number; destinationArn?: string };

export type Caretaker = ReturnType<typeof createCaretaker>;

const requestsAtOnce = 25;

/** Plays the producers, the failing workers and the people in the console. */
export function createCaretaker(
  call: SqsCall,
  started: (task: { queueArn: string }) => void = () => undefined,
) {
  const queues = new Map<string, LocalQueue>();
  const workers = new Set<NodeJS.Timeout>();

  async function addQueue(queue: LocalQueue): Promise<void> {
    queues.set(queue.arn, queue);
    await createLocalQueue(call, queue);
  }

  async function send(queueArn: string, count: number): Promise<void> {
    const batches = Array.from({ length: Math.ceil(count / 10) }, (_, i) => {
      const size = Math.min(10, count - i * 10);
      return Array.from({ length: size }, (_entry, n) => messageOf(queueArn, i * 10 + n));
    });
    await manyAtOnce(batches, (Entries) => call(queueArn, 'SendMessageBatch', { Entries }));
  }

  /** All messages, including those in flight. */
  async function count(queueArn: string): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessages'];
    const { Attributes } = await call(queueArn, 'GetQueueAttributes', { AttributeNames });
    return Number(Reflect.get(Object(Attributes), 'ApproximateNumberOfMessages'));
  }

  /** Sends messages to the queue's first source, and receives them there until SQS moves them to the DLQ. */
  async function deadLetter(queueArn: string, wanted: number): Promise<void> {
    const [source] = sourcesOf(queues.get(queueArn) ?? { arn: queueArn });
    if (!source) throw new Error(`${queueArn} has no source queue.`);
    const goal = (await count(queueArn)) + wanted;
    await send(source, wanted);
    for (let round = 0; round < 100; round += 1) {
      const missing = goal - (await count(queueArn));
      if (missing <= 0) return;
      const receives = Array.from({ length: Math.ceil(missing / 10) }, () => receiveInVain(source, 0));
      await manyAtOnce(receives, (receive) => receive());
      await pause(5);
    }
    throw new Error(`The messages do not reach ${queueArn}.`);
  }

  const receiveInVain = (queueArn: string, VisibilityTimeout: number) => () =>
    call(queueArn, 'ReceiveMessage', { MaxNumberOfMessages: 10, VisibilityTimeout });

  async function startRedrive(queueArn: string, options: RedriveOptions = {}): Promise<void> {
    await call(queueArn, 'StartMessageMoveTask', {
      ...(options.destinationArn && { DestinationArn: options.destinationArn }),
      ...(options.messagesPerSecond && { MaxNumberOfMessagesPerSecond: options.messagesPerSecond }),
    });
    started({ queueArn });
  }

  async function cancelRedrive(queueArn: string): Promise<void> {
    const [newest] = await tasks(queueArn);
    await call(queueArn, 'CancelMessageMoveTask', { TaskHandle: newest?.['TaskHandle'] });
  }

  /** As SQS lists them, newest first. */
  async function tasks(queueArn: string): Promise<Params[]> {
    const { Results } = await call(queueArn, 'ListMessageMoveTasks', { MaxResults: 10 });
    return Array.isArray(Results) ? Results : [];
  }

  async function isRedriving(queueArn: string): Promise<boolean> {
    const [newest] = await tasks(queueArn);
    return newest?.['Status'] === 'RUNNING' || newest?.['Status'] === 'CANCELLING';
  }

  /** Resolves when the newest task has ended. */
  async function finished(queueArn: string): Promise<void> {
    while (await isRedriving(queueArn)) await pause(200, undefined, { ref: false });
  }

  /** Deletes all messages, including those that a failed task still holds. PurgeQueue would take a minute. */
  async function empty(queueArn: string): Promise<void> {
    while ((await count(queueArn)) > 0) {
      const { Messages } = await call(queueArn, 'ReceiveMessage', { MaxNumberOfMessages: 10 });
      const handles = Array.isArray(Messages)
        ? Messages.map((message) => Reflect.get(message, 'ReceiptHandle'))
        : [];
      const Entries = handles.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle }));
      if (Entries.length > 0) await call(queueArn, 'DeleteMessageBatch', { Entries });
      else await pause(500, undefined, { ref: false });
    }
  }

  /** A worker that always fails, and holds each message for this long. Returns how to stop it. */
  function failAllMessages(queueArn: string, holdSeconds: number): () => void {
    const receive = receiveInVain(queueArn, holdSeconds);
    const worker = setInterval(() => void receive().catch(() => undefined), 500).unref();
    workers.add(worker);
    return () => clearInterval(worker);
  }

  return {
    call,
    addQueue,
    send,
    count,
    deadLetter,
    startRedrive,
    cancelRedrive,
    tasks,
    isRedriving,
    finished,
    empty,
    failAllMessages,
    stop() {
      for (const worker of workers) clearInterval(worker);
    },
  };
}

async function manyAtOnce<T>(items: T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const limit = pLimit(requestsAtOnce);
  await Promise.all(items.map((item) => limit(() => work(item))));
}

let messagesSent = 0;

function messageOf(queueArn: string, index: number) {
  messagesSent += 1;
  const isFifo = queueArn.endsWith('.fifo');
  return {
    Id: String(index),
    MessageBody: JSON.stringify({ id: messagesSent, type: 'order.created' }),
    ...(isFifo && { MessageGroupId: `group-${index}`, MessageDeduplicationId: `message-${messagesSent}` }),
  };
}
