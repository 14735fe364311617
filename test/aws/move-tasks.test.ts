import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { aQueue } from '../support/builders.ts';
import { moveTasksContract } from './move-tasks-contract.ts';
import { moveTasksOfEachTest, overSignedRequests, overTheSdk } from './over-the-wire.ts';
import { startWireServer, type WireServer } from './wire-server.ts';

describe('over the AWS SDK', () => moveTasksContract(overTheSdk));
describe('over signed requests, as on Lambda', () => moveTasksContract(overSignedRequests));

describe('the bot has no credentials of its own', () => {
  let wire: WireServer;
  beforeAll(async () => {
    wire = await startWireServer();
  });
  afterAll(() => wire.stop());
  const startMoveTasks = moveTasksOfEachTest(overTheSdk, () => ({ sqs: wire.url, sts: wire.url }));

  test('and says so, without asking anybody', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    expect(await startMoveTasks().list(aQueue(), 1)).toMatchObject({
      problem: { kind: 'credentials-missing', service: 'STS', code: 'CredentialsProviderError' },
    });
    expect(wire.seen).toEqual([]);
  });
});
