import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createPacersByChannel } from '../../slack/notifier/pacer.ts';
import { createDynamodbFollowStore } from '../../storage/dynamodb/dynamodb-follow-store.ts';
import { recordStoredEnds } from '../../storage/dynamodb/record-stored-ends.ts';
import { announcerOf } from '../parts.ts';
import { createStartEventsHandler, type StartsParts } from './handle-start-events.ts';
import { createLambdaParts, deployedSettings } from './lambda-parts.ts';

const { actions, botToken, partsWith, rows, history, rulesRow, rules, publishRules, startWatch, clock, log } =
  createLambdaParts(process.env);
const posts = createPacersByChannel();
const [table, start, past] = [rows(), startWatch(), history()];

async function ports(): ReturnType<StartsParts['ports']> {
  const parts = await partsWith(await botToken());
  const { moveTasks, log: redacted } = parts;
  const asked = actions?.asked(parts.identity);
  const announcer = announcerOf(parts, posts, asked?.startOf);
  const isStartingHere = asked && { isStartingHere: asked.isStartingHere };
  return { moveTasks, announcer, clock, random: Math.random, log: redacted, pause, ...isStartingHere };
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
 * Started by EventBridge when somebody starts a task anywhere, after a deployment, and every few minutes. Lambda retries
 * it when it fails.
 */
export async function handler(event: unknown): Promise<void> {
  if (Object(event)['source'] === 'aws.cloudformation') {
    await rulesRow().publish(await rules());
    return;
  }
  await publishRules();
  await announceStarts(event);
  if (Object(event)['detail-type'] === 'Scheduled Event')
    await recordStoredEnds(table, { history: past, clock, log });
}
