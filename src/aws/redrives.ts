import {
  CancelMessageMoveTaskCommand,
  type CancelMessageMoveTaskCommandOutput,
  ListMessageMoveTasksCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandOutput,
} from '@aws-sdk/client-sqs';
import type { Queue } from '../domain/queue.ts';
import { tasksListedAtMost } from '../domain/sqs-limits.ts';
import type {
  ActingPeople,
  CallAnswer,
  CancelOrder,
  Redrives,
  StartOrder,
} from '../operations/actions/ports.ts';
import { type Attempt, awsErrorFrom } from './aws-error-from.ts';
import { cleanTasks, sourceQueues } from './move-tasks.ts';
import type { AskAsRole, RoleAccess } from './role-access.ts';
import type { Session } from './sts.ts';

/** Starts and cancels with the AWS SDK, in a separate session per call on the requester's behalf. */
export function createRedrives(access: RoleAccess): Redrives {
  const { connections, timeouts, ask, assumeRole } = access;
  const withTimeLimit = connections.withTimeLimit(timeouts.call);

  /** One attempt: SQS has no idempotency token. */
  function clientOf({ credentials }: Session, { region }: Queue): SQSClient {
    const config = { ...connections.clientConfig, region, credentials, useQueueUrlAsEndpoint: false };
    return new SQSClient({ ...config, maxAttempts: 1 });
  }

  async function call(
    queue: Queue,
    attempt: Attempt,
    {
      people,
      send,
    }: { people: ActingPeople; send: (client: SQSClient, signal: AbortSignal) => Promise<Sent> },
  ): Promise<CallAnswer> {
    const session = await assumeRole(roleOf(queue), queue.region, inTheNameOf(people));
    // Nothing was sent to SQS.
    if (!session.ok) return { kind: 'rejected', awsError: session.awsError };
    try {
      const answer = await withTimeLimit((signal) => send(clientOf(session.value, queue), signal));
      if (confirms(answer)) return { kind: 'accepted', ...requestIdIn(answer.$metadata) };
      return { kind: 'unsure', awsError: awsErrorFrom({ ...answer, name: 'NoConfirmation' }, attempt) };
    } catch (error) {
      return callFailure(error, attempt);
    }
  }

  return {
    start: (queue, order) =>
      call(queue, attemptOf(queue, 'sqs:StartMessageMoveTask'), {
        people: order.people,
        send: (client, abortSignal) =>
          client.send(new StartMessageMoveTaskCommand(startInput(queue, order)), { abortSignal }),
      }),
    cancel: async (queue, order) => {
      const found = await handleOf(queue, order, ask);
      if ('kind' in found) return found;
      return call(queue, attemptOf(queue, 'sqs:CancelMessageMoveTask'), {
        people: order.people,
        send: (client, abortSignal) =>
          client.send(new CancelMessageMoveTaskCommand({ TaskHandle: found.handle }), { abortSignal }),
      });
    },
    sources: (queue) => sourceQueues(queue, ask),
  };
}

type Sent = Pick<StartMessageMoveTaskCommandOutput, '$metadata' | 'TaskHandle'> &
  Pick<CancelMessageMoveTaskCommandOutput, 'ApproximateNumberOfMessagesMoved'>;

/** Whether the answer has what SQS returns for every accepted call. A proxy's empty 200 doesn't. */
function confirms({ TaskHandle, ApproximateNumberOfMessagesMoved: moved }: Sent): boolean {
  return Boolean(TaskHandle) || (moved !== undefined && moved !== null);
}

function roleOf({ redrive, role }: Queue) {
  return redrive?.role ?? role;
}

function attemptOf(queue: Queue, action: string): Attempt {
  return { service: 'SQS', action, roleArn: roleOf(queue).arn };
}

/** STS accepts 64 characters in each, and every character of Slack ids. */
function inTheNameOf({ requester, decider }: ActingPeople) {
  return {
    RoleSessionName: `dlq-tasks-${requester}-${decider}`.slice(0, 64),
    SourceIdentity: requester.slice(0, 64),
    // The maximum for a role that is assumed by another role.
    DurationSeconds: 3600,
  };
}

/** Without a destination SQS returns messages to their source queues, so never fill one in. */
function startInput({ arn }: Queue, { rate, destinationArn }: StartOrder) {
  return {
    SourceArn: arn,
    MaxNumberOfMessagesPerSecond: rate,
    ...(destinationArn !== undefined && { DestinationArn: destinationArn }),
  };
}

function requestIdIn({ requestId = '' }: Sent['$metadata']): { requestId?: string } {
  const id = requestId.replace(/[^\w-]/g, '').slice(0, 100);
  return id === '' ? {} : { requestId: id };
}

/** Reads the handle of the expected RUNNING task, or returns what the call would have returned. */
async function handleOf(
  queue: Queue,
  { startedAt }: CancelOrder,
  ask: AskAsRole,
): Promise<{ handle: string } | CallAnswer> {
  const input = { SourceArn: queue.arn, MaxResults: tasksListedAtMost };
  const listed = await ask(queue, 'sqs:ListMessageMoveTasks', (sqs, options) =>
    sqs.send(new ListMessageMoveTasksCommand(input), options),
  );
  if (!listed.ok) return { kind: 'rejected', awsError: listed.awsError };
  const attempt = attemptOf(queue, 'sqs:ListMessageMoveTasks');
  // SQS lists the newest ten, so there was at least this one.
  if (!listed.value.Results?.length) {
    const error = { name: 'NoTasksListed', message: 'No redrives are listed for this queue.' };
    return { kind: 'rejected', awsError: awsErrorFrom(error, attempt) };
  }
  const entry = listed.value.Results.find((one) => {
    const [task] = cleanTasks([one], 1);
    return task?.startedAt === startedAt && task.status === 'RUNNING';
  });
  if (entry === undefined) return { kind: 'had-ended' };
  if (entry.TaskHandle) return { handle: entry.TaskHandle };
  const error = { name: 'NoTaskHandle', message: 'The redrive is listed without a task handle.' };
  return { kind: 'rejected', awsError: awsErrorFrom(error, attempt) };
}

/** The SDK's codes for answers without a code from AWS: a proxy's page, an empty body. */
const noCode = /^(|Error|Unknown|UnknownError|SyntaxError|TimeoutError|AbortError|HTTP \d+)$/;

/** For a cancel: the task has ended, or SQS no longer lists it. */
const goneTask = /(ResourceNotFound|InvalidParameterValue)(Exception)?$/;

/** Only AWS can reject a call, with a 4xx and a code. After any other failure it may have happened. */
function callFailure(error: unknown, attempt: Attempt): CallAnswer {
  const awsError = awsErrorFrom(error, attempt);
  const status: unknown = Object(Object(error)['$metadata'])['httpStatusCode'];
  const isClientError = typeof status === 'number' && status >= 400 && status < 500;
  if (!isClientError || noCode.test(awsError.code)) return { kind: 'unsure', awsError };
  const isGone = attempt.action === 'sqs:CancelMessageMoveTask' && goneTask.test(awsError.code);
  return { kind: isGone ? 'had-ended' : 'rejected', awsError };
}
