import { afterEach, beforeEach } from 'vitest';
import { appToken } from '../sandbox/slack/test-workspace.ts';
import type { ServerProcess } from './server-process.ts';
import { orders, payments, type ServerStage, startServerStage } from './server-stage.ts';

export const running = {
  Status: 'RUNNING',
  ApproximateNumberOfMessagesMoved: 620,
  ApproximateNumberOfMessagesToMove: 1_000,
  StartedTimestamp: Date.now() - 120_000,
  TaskHandle: 'eyJ0YXNrSWQiOiJkYzE2OWUwNC0wZTU1LTQ0ZDItYWE5MC1jMDgwY2ExZjM2ZjcifQ==',
};

export const within = { timeout: 10_000 };

/** Gives each test a stage on which two queues have a running task, and servers that end with the test. */
export function serversOfEachTest() {
  let stage: ServerStage;
  const servers: ServerProcess[] = [];
  beforeEach(async () => {
    stage = await startServerStage({ appToken });
    stage.aws.script(orders.arn, [[running]]);
    stage.aws.script(payments.arn, [[running]]);
    for (const { arn } of [orders, payments])
      stage.aws.setDepth(arn, { waiting: 380, inFlight: 0, delayed: 0 });
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
    await stage[Symbol.asyncDispose]();
  });

  const stored = <T extends ServerProcess>(server: T): T => {
    servers.push(server);
    return server;
  };
  return {
    stage: () => stage,
    open: async (changes?: Record<string, string>) => stored(await stage.open(changes)),
    spawn: (changes?: Record<string, string>) => stored(stage.spawn(changes)),
    cards: () => stage.slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT'),
    ask: (text = '/dlq-tasks orders-dlq') => stage.slack.as('UANN').types('CGENERAL', text),
    askedOf: (action: string) => stage.aws.requests.filter((request) => request.action === action).length,
  };
}
