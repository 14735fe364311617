import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { functionsFromSource } from '../packaging/from-source.ts';
import { type PackagedStage, settings, startPackagedStage } from '../packaging/packaged-stage.ts';
import { answersOnceEach } from '../packaging/twice.ts';

let folder: string;
let stage: PackagedStage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-twice-'));
  await writeFile(join(folder, 'dlq-tasks.yml'), settings);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  stage = await startPackagedStage(functionsFromSource, { DLQ_TASKS_CONFIG: join(folder, 'dlq-tasks.yml') });
});
afterEach(() => stage[Symbol.asyncDispose]());

test('answers once what Lambda delivers twice: commands, mentions, shortcuts, and clicks', async () => {
  await answersOnceEach(stage);
}, 90_000);

test('tells a person once that they left when Lambda delivers the command twice', async () => {
  const { slack, lambda, annTypes } = stage;
  await stage.annWatches();
  lambda.faults.startsTwice = true;
  await annTypes('/dlq-tasks unwatch orders-dlq');
  expect(slack.privateWords('UANN').map(({ text }) => text)).toEqual([
    expect.stringContaining('no longer watching'),
  ]);
}, 90_000);

test('the worker still answers when deployed without a table', async () => {
  const variables = { DLQ_TASKS_CONFIG: join(folder, 'dlq-tasks.yml'), WATCH_TABLE: '', WATCH_FUNCTION: '' };
  await using without = await startPackagedStage(functionsFromSource, variables);
  without.redrive({});
  await without.annTypes('/dlq-tasks orders-dlq');
  expect([without.cards().length, without.lambda.table.items.size]).toEqual([1, 0]);
  expect(without.lambda.logs.join('')).not.toContain('claim');
}, 90_000);

test('answers a command while DynamoDB throttles everything', async () => {
  const { lambda, cards, annTypes } = stage;
  stage.redrive({});
  lambda.table.faults.push(...Array.from({ length: 50 }, () => 'throttled' as const));
  await annTypes('/dlq-tasks orders-dlq');
  expect(cards()).toHaveLength(1);
  await expect.poll(() => lambda.logs.join('')).toContain('could not claim a request');
}, 90_000);
