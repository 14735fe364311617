import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ActingStage, actingSettings, startActingStage } from '../packaging/acting-stage.ts';
import { actingStories } from '../packaging/acting-stories.ts';
import { actingFromSource, functionsFromSource } from '../packaging/from-source.ts';

let folder: string;
let stage: ActingStage;
const variables = () => ({ DLQ_TASKS_CONFIG: join(folder, 'dlq-tasks.yml') });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-acts-'));
  await writeFile(join(folder, 'dlq-tasks.yml'), actingSettings);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  stage = await startActingStage(actingFromSource, variables());
});
afterEach(() => stage[Symbol.asyncDispose]());

/** The quick ones; all of them are told of the packaged functions (test/packaging/acting.long.test.ts). */
test.each([
  'Ann asks, Bob approves, and one start becomes the card that both watch',
  'everything comes twice, and one request is approved and started once',
  'a submission that fails repeats what was typed, with a button that opens the form again',
] as const)('%s', (story) => actingStories[story](stage), 90_000);

test('deployed without actions, nothing of them is to be seen', async () => {
  await using without = await startActingStage(functionsFromSource, variables());
  await without.slack.as('UANN').types('CGENERAL', '/dlq-tasks redrive orders-dlq 5');
  await expect.poll(() => without.told('UANN').length, { timeout: 60_000, interval: 20 }).toBe(1);
  await without.slack.as('UANN').types('CGENERAL', '/dlq-tasks orders-dlq');
  await expect.poll(() => without.ours().length, { timeout: 60_000, interval: 20 }).toBe(1);
  expect(JSON.stringify(without.ours()[0]?.blocks)).not.toContain('Redrive…');
  expect(without.slack.callsOf('views.open')).toEqual([]);
}, 90_000);
