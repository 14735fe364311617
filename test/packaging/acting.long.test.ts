import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { type ActingStage, actingSettings, startActingStage } from './acting-stage.ts';
import { actingStories } from './acting-stories.ts';
import { type Packaged, packageInAClone } from './package-in-a-clone.ts';

let packaged: Packaged;
let stage: ActingStage;
beforeAll(async () => {
  packaged = await packageInAClone(actingSettings, { redriveRoleName: 'dlq-tasks-redrive' });
}, 120_000);
afterAll(() => packaged?.[Symbol.asyncDispose]());
beforeEach(async () => {
  stage = await startActingStage(packaged);
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('the packaged functions', () => {
  test.each(Object.entries(actingStories))('%s', (_, story) => story(stage), 300_000);
});
