import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { moveTasksWith } from '../../aws/move-tasks.ts';
import { expectingEnds, recordExpectedEnds } from '../../operations/expected-ends.ts';
import { createPacersByChannel } from '../../slack/notifier/pacer.ts';
import {
  createDynamodbExpectedEnds,
  recordStoredEnds,
} from '../../storage/dynamodb/dynamodb-expected-ends.ts';
import { createDynamodbFollowStore } from '../../storage/dynamodb/dynamodb-follow-store.ts';
import { notifierOf } from '../parts.ts';
import { createStartEventsHandler, type StartsParts } from './handle-start-events.ts';
import { createLambdaParts, deployedSettings, watchesOf } from './lambda-parts.ts';

const lambda = await createLambdaParts(process.env);
const {
  actions,
  aws,
  botToken,
  partsWith,
  rows,
  history,
  rulesRow,
  rules,
  publishRules,
  startWatch,
  clock,
  log,
} = lambda;
const posts = createPacersByChannel();
const [table, start, past] = [rows(), startWatch(), history()];
const ends = createDynamodbExpectedEnds({ rows: table, clock, log });
const expectEnd = expectingEnds({ ends, clock });

async function ports(): ReturnType<StartsParts['ports']> {
  const parts = await partsWith(await botToken());
  const { moveTasks, log: redacted } = parts;
  const { startsOf, isStartingHere } = lambda.lookupsOf(parts);
  const ours = { announcer: notifierOf(parts, startsOf, posts), expectEnd, isStartingHere };
  return { moveTasks, ...ours, clock, random: Math.random, log: redacted, pause };
}

const announceStarts = createStartEventsHandler({
  queues: async () => (await deployedSettings()).queues,
  ports,
  store: () =>
    createDynamodbFollowStore({ rows: table, start, clock, log, history: past, holder: randomUUID() }),
  clock,
  log,
});

/**
 * Started by EventBridge when someone starts a task anywhere, after a deployment, and every few minutes. Lambda retries
 * it when it fails.
 */
export async function handler(event: unknown): Promise<void> {
  if (Object(event)['source'] === 'aws.cloudformation') {
    await (await rulesRow()).publish(await rules());
    return;
  }
  await publishRules();
  await announceStarts(event);
  if (Object(event)['detail-type'] !== 'Scheduled Event') return;
  await recordStoredEnds(table, { history: past, clock, log });
  await recordUnwatchedEnds();
}

/** Without Slack, because the usual reason is that Slack didn't accept a card. */
async function recordUnwatchedEnds(): Promise<void> {
  const { queues, watch: settings } = await deployedSettings();
  const queueOf = (arn: string) => queues.find((queue) => queue.arn === arn);
  const moveTasks = moveTasksWith(aws);
  await recordExpectedEnds({
    ...{ ends, history: past, watches: watchesOf(lambda, { log }), moveTasks, queueOf, settings },
    ...{ clock, random: Math.random, log, ...(actions && { startOf: actions.startOf }) },
  });
}
