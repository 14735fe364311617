import { text } from 'node:stream/consumers';
import { createAwsFaults } from '../../sandbox/aws/faults.ts';
import { createLocalSts } from '../../sandbox/aws/local-sts.ts';
import { type Handle, startLoopbackServer } from '../../sandbox/aws/loopback-server.ts';
import { arnOf, placeAsked } from '../../sandbox/aws/queue-place.ts';
import { accessDenied, type Refusal, sendRefusal } from '../../sandbox/aws/refusal.ts';
import { createLocalSessions, type LocalSession, userArnOf } from '../../sandbox/aws/sessions.ts';
import { signatureOf } from '../../sandbox/aws/signature.ts';
import type { AwsError, Outcome } from '../../src/domain/aws-error.ts';
import type { MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { CallAnswer, Redrives } from '../../src/operations/actions/ports.ts';
import type { MoveTasks } from '../../src/operations/move-tasks.ts';

export type WireGiven = {
  queues: readonly Queue[];
  moveTasks: MoveTasks;
  redrives: Redrives;
  /** Whether the role that acts can be assumed. */
  isReachable: () => boolean;
  clock: () => number;
};
/** Nothing: the line breaks. */
type WireAnswer = object | Refusal | undefined;

/** STS and SQS as HTTP has them, in front of the ports that a story controls. */
export async function startAwsOnTheWire(given: WireGiven) {
  const { queues, clock } = given;
  const sessions = createLocalSessions(clock);
  const acting = new Set(queues.flatMap(({ redrive }) => redrive?.role.arn ?? []));
  const reading = [...new Set(queues.map(({ role }) => role.arn))].map((arn) => ({ arn }));
  const trust = ['sts:SetSourceIdentity'];
  const toAct = [...acting].map((arn) => ({ arn, trust, callers: ['AKIAACTION'] }));
  const roles = [...reading, ...toAct];
  const faults = createAwsFaults();
  const parts = { roles, sessions, sessionSeconds: undefined, caller: {}, faults, requests: [], clock };
  const assume = createLocalSts(parts);
  const sts: Handle = (request, response) => {
    faults.clear();
    if (!given.isReachable()) for (const role of acting) faults.add({ kind: 'reset', role });
    return assume(request, response);
  };

  const sqs: Handle = async (request, response) => {
    const params = JSON.parse(await text(request));
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const signature = signatureOf(request);
    const session = sessions.find(signature?.accessKeyId ?? '');
    if (!signature || !session) return void response.destroy();
    const place = placeAsked(params, { accountId: '', region: signature.region });
    const queue = queues.find(({ arn }) => arn === arnOf(place));
    const changes = /^(Start|Cancel)/.test(action);
    const answer =
      queue && changes === acting.has(session.roleArn)
        ? await answerTo({ action, params, queue, session }, given)
        : accessDenied(userArnOf(session), `sqs:${action}`, arnOf(place));
    if (answer === undefined) return void response.destroy();
    if ('status' in answer) return sendRefusal(response, 'SQS', answer);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'r1' });
    response.end(JSON.stringify(answer));
  };
  const servers = await Promise.all([startLoopbackServer(sts, 0), startLoopbackServer(sqs, 0)]);
  return {
    urls: { sts: servers[0].url, sqs: servers[1].url },
    stop: () => Promise.all(servers.map((server) => server.stop())),
  };
}

type Asked = { action: string; params: Record<string, unknown>; queue: Queue; session: LocalSession };

async function answerTo(
  { action, params, queue, session }: Asked,
  { moveTasks, redrives }: WireGiven,
): Promise<WireAnswer> {
  switch (action) {
    case 'ListMessageMoveTasks':
      return {
        Results: value(await moveTasks.list(queue, Number(params['MaxResults']))).map(written(queue)),
      };
    case 'GetQueueAttributes': {
      const { waiting, inFlight, delayed } = value(await moveTasks.depth(queue));
      const [all, hidden, late] = [waiting, inFlight, delayed].map(String);
      return {
        Attributes: {
          ApproximateNumberOfMessages: all,
          ApproximateNumberOfMessagesNotVisible: hidden,
          ApproximateNumberOfMessagesDelayed: late,
        },
      };
    }
    case 'ListDeadLetterSourceQueues':
      return { queueUrls: value(await redrives.sources(queue)).map(urlOf) };
    case 'StartMessageMoveTask': {
      const { MaxNumberOfMessagesPerSecond: rate, DestinationArn } = params;
      const to = typeof DestinationArn === 'string' && { destinationArn: DestinationArn };
      const order = { rate: Number(rate), ...to, people: peopleOf(session) };
      return called(redrives.start(queue, order), { TaskHandle: handleOf(queue, 0) });
    }
    case 'CancelMessageMoveTask': {
      const { startedAt } = JSON.parse(Buffer.from(String(params['TaskHandle']), 'base64').toString());
      const order = { startedAt, people: peopleOf(session) };
      return called(redrives.cancel(queue, order), { ApproximateNumberOfMessagesMoved: 0 });
    }
    default:
      return { status: 400, code: 'UnknownOperationException', message: action };
  }
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error('On the wire a story lets AWS refuse starts and cancels only.');
  return outcome.value;
}

/** An answer that is lost, or that throws, is a line that breaks. */
async function called(call: Promise<CallAnswer>, accepted: object): Promise<WireAnswer> {
  const answer = await call.catch(() => ({ kind: 'unsure' }) as const);
  if (answer.kind === 'accepted') return accepted;
  if (answer.kind === 'had-ended')
    return { status: 400, code: 'ResourceNotFoundException', message: 'There is no such task.' };
  return answer.kind === 'rejected' ? refusalOf(answer.awsError) : undefined;
}

function refusalOf({ kind, code, detail: message }: AwsError): Refusal {
  return { status: kind === 'access-denied' ? 403 : 400, code, message };
}

/** `dlq-tasks-<requester>-<decider>` */
function peopleOf({ sourceIdentity = '', sessionName }: LocalSession) {
  return { requester: sourceIdentity, decider: sessionName.split('-').at(-1) ?? '' };
}

const urlOf = (arn: string) => `https://sqs.example.com/${arn.split(':').slice(-2).join('/')}`;
const handleOf = ({ arn: sourceArn }: Queue, startedAt: number) =>
  Buffer.from(JSON.stringify({ sourceArn, startedAt })).toString('base64');

const written = (queue: Queue) => (task: MoveTask) => ({
  Status: task.statusText,
  SourceArn: queue.arn,
  DestinationArn: task.destinationArn,
  MaxNumberOfMessagesPerSecond: task.customRate,
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  FailureReason: task.failureReason,
  StartedTimestamp: task.startedAt,
  ...(task.status === 'RUNNING' && { TaskHandle: handleOf(queue, task.startedAt ?? 0) }),
});
