import type { AwsRequest } from '../../sandbox/aws/request-log.ts';
import type { Action } from '../../src/domain/actions/action.ts';
import { isOpen } from '../../src/domain/actions/lifecycle.ts';
import { outcomeView } from '../../src/slack/views/actions/outcome.ts';
import { aQueue } from '../support/builders.ts';
import type { CancelClick } from './cancel-campaign.ts';
import type { Stage } from './stage.ts';

export type Canceling = { cancels: readonly AwsRequest[]; clicks: readonly CancelClick[] };

/** The tasks of all queues as SQS lists them, by queue and start. */
async function tasksOf({ aws, queues }: Pick<Stage, 'aws' | 'queues'>): Promise<Map<string, unknown>> {
  const lists = await Promise.all(
    queues.map(async ({ arn }) =>
      (await aws.caretaker.tasks(arn)).map(
        (task) => [`${arn} ${task['StartedTimestamp']}`, task['Status']] as const,
      ),
    ),
  );
  return new Map(lists.flat());
}

/** Compares the cancels of the record with what SQS was asked, with what it did, and with what people read. */
export async function cancelVerdict(stage: Stage, rows: readonly Action[], { cancels, clicks }: Canceling) {
  const cancelRows = rows.filter(({ kind }) => kind === 'cancel');
  const tasks = await tasksOf(stage);
  const taskOf = ({ queueArn, taskStartedAt }: Action) => `${queueArn} ${taskStartedAt}`;
  const canceled = [...tasks].flatMap(([task, status]) => (status === 'CANCELLED' ? [task] : []));
  const isInTheRecord = (task: string) =>
    cancelRows.filter((row) => row.state === 'cancelled' && taskOf(row) === task).length === 1;
  const ofQueue = (arn: string) => cancelRows.filter(({ queueArn }) => queueArn === arn);
  return {
    canceledOtherwise: canceled.filter((task) => !isInTheRecord(task)),
    notCanceled: cancelRows
      .filter((row) => row.state === 'cancelled' && !canceled.includes(taskOf(row)))
      .map(taskOf),
    moreCallsThanRecords: stage.queues
      .map(({ arn }) => arn)
      .filter((arn) => cancels.filter(({ queueArn }) => queueArn === arn).length > ofQueue(arn).length),
    inOthersNames: cancels.filter((call) => !ofQueue(call.queueArn ?? '').some((row) => isNamed(call, row))),
    notSaidOnce: stage.queues.flatMap(({ name, arn }) => {
      const queue = aQueue({ name, arn });
      const ends = ofQueue(arn).filter((row) => !isOpen(row));
      const texts = ends.map((row) => outcomeView(row, queue).text);
      const isWrong = (text: string) =>
        saidHowOften(stage, text) !== texts.filter((other) => other === text).length;
      return texts.filter(isWrong).map((text) => `${saidHowOften(stage, text)} times: ${text}`);
    }),
    unanswered: clicks.filter((click) => !isAnswered(click, stage)),
  };
}

/** In the channels or, if they were closed to the bot, in direct messages, which first say what they are about. */
function saidHowOften({ slack }: Stage, text: string): number {
  return slack
    .state()
    .messages.filter((said) => !said.ephemeralFor && (said.text === text || said.text.endsWith(`\n${text}`)))
    .length;
}

function isNamed({ sourceIdentity, sessionName }: AwsRequest, { requester }: Action): boolean {
  return sourceIdentity === requester && sessionName === `dlq-tasks-${requester}-${requester}`;
}

/** In private, or in the thread. */
function isAnswered({ person, at }: CancelClick, { slack }: Stage): boolean {
  return slack
    .state()
    .messages.some(
      ({ ts, ephemeralFor, text }) =>
        Number(ts) * 1000 >= at && (ephemeralFor === person || text.includes(`<@${person}>`)),
    );
}
