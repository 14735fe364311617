import type { Emulators, SqsAnswer, SqsExchange } from './emulators.ts';
import type { LateCounts } from './late-counts.ts';
import type { LateStarts } from './late-starts.ts';
import { arnOf, type QueuePlace } from './queue-place.ts';
import { jsonRefusal } from './refusal.ts';
import type { ScriptedAnswers } from './scripted-answers.ts';
import type { LocalSession } from './sessions.ts';
import type { Params } from './sqs-caller.ts';

export type SqsAnswersParts = {
  scripted: ScriptedAnswers;
  emulators: Emulators;
  lateStarts: LateStarts;
  lateCounts: LateCounts;
  /** Called for every start that someone other than the sandbox requested, including rejected ones. */
  onStart(start: { queueArn: string; session: LocalSession; errorCode?: string }): void;
};

/** A request that may be answered. The sandbox's own have no session: for them nothing is late. */
export type SqsAsked = {
  action: string;
  params: Params;
  place: QueuePlace;
  session: LocalSession | undefined;
};

/** What a test set, or what the emulator answers, corrected where SQS is known to behave differently. */
export async function answerTo(
  parts: SqsAnswersParts,
  asked: SqsAsked,
  exchange: SqsExchange,
): Promise<SqsAnswer> {
  const { action, place, session } = asked;
  const scripted = parts.scripted.answerTo(action, arnOf(place));
  if (scripted) return json(scripted.json);
  if (session && action === 'StartMessageMoveTask') return start(parts, { ...asked, session }, exchange);
  if (session && action === 'ListMessageMoveTasks') return list(parts, asked, exchange);
  if (session && action === 'GetQueueAttributes') return attributes(parts, asked, exchange);
  return parts.emulators.answer(place, exchange);
}

const json = (body: string): SqsAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body,
});

const newestTasks = 10;

async function tasksOf({ emulators }: SqsAnswersParts, place: QueuePlace, { request }: SqsExchange) {
  const headers = { ...request.headers, 'x-amz-target': 'AmazonSQS.ListMessageMoveTasks' };
  const body = JSON.stringify({ SourceArn: arnOf(place), MaxResults: newestTasks });
  const answer = await emulators.answer(place, { request: { method: 'POST', url: '/', headers }, body });
  const { Results = [] }: { Results?: Params[] } = answer.status === 200 ? JSON.parse(answer.body) : {};
  return Results;
}

/** The emulator would start a second task while the first is CANCELLING. */
async function start(
  parts: SqsAnswersParts,
  { place, session }: SqsAsked & { session: LocalSession },
  exchange: SqsExchange,
): Promise<SqsAnswer> {
  const queueArn = arnOf(place);
  const [newest] = await tasksOf(parts, place, exchange);
  const isCancelling = newest?.['Status'] === 'CANCELLING';
  const answer = isCancelling ? jsonRefusal(taskIsActive) : await parts.emulators.answer(place, exchange);
  if (answer.status === 200) {
    const [task] = await tasksOf(parts, place, exchange);
    parts.lateStarts.begin(queueArn, task?.['StartedTimestamp']);
    parts.onStart({ queueArn, session });
  } else {
    parts.onStart({ queueArn, session, errorCode: errorCodeIn(answer) });
  }
  return answer;
}

async function list(
  parts: SqsAnswersParts,
  { place, params }: SqsAsked,
  exchange: SqsExchange,
): Promise<SqsAnswer> {
  const answer = await parts.emulators.answer(place, exchange);
  const queueArn = arnOf(place);
  if (answer.status !== 200 || !parts.lateStarts.hasHidden(queueArn)) return answer;
  const listed = parts.lateStarts.listed(queueArn, await tasksOf(parts, place, exchange));
  const shown = listed.slice(0, Number(params['MaxResults'] ?? 1));
  return json(JSON.stringify(shown.length > 0 ? { Results: shown } : {}));
}

const waiting = 'ApproximateNumberOfMessages';
const inFlight = 'ApproximateNumberOfMessagesNotVisible';
const counters = [waiting, inFlight, 'ApproximateNumberOfMessagesDelayed'];

/** The counts may be late; and the emulator counts those in flight as waiting, too. */
async function attributes(
  { emulators, lateCounts }: SqsAnswersParts,
  { place, params }: SqsAsked,
  exchange: SqsExchange,
): Promise<SqsAnswer> {
  const { request } = exchange;
  const count = async () => {
    const body = JSON.stringify({ QueueUrl: params['QueueUrl'], AttributeNames: counters });
    const answer = await emulators.answer(place, { request, body });
    const { Attributes = {} }: { Attributes?: Params } = answer.status === 200 ? JSON.parse(answer.body) : {};
    return { ...Attributes, [waiting]: String(Number(Attributes[waiting]) - Number(Attributes[inFlight])) };
  };
  const answer = await emulators.answer(place, exchange);
  if (answer.status !== 200 || !answer.body.includes(waiting)) return answer;
  const { Attributes: given = {} }: { Attributes?: Params } = JSON.parse(answer.body);
  const late = await lateCounts.of(arnOf(place), count);
  const Attributes = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, late[name] ?? value]),
  );
  return json(JSON.stringify({ Attributes }));
}

const taskIsActive = {
  status: 400,
  code: 'InvalidParameterValue',
  message:
    'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
};

const errorCodeIn = ({ headers }: SqsAnswer) =>
  String(headers?.['x-amzn-query-error'] ?? 'Unknown').split(';')[0] ?? 'Unknown';
