import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { endsTold } from './outcomes.ts';
import { askForCard, clickUntilTaken } from './people.ts';
import { toldTwice } from './said.ts';
import { createServerProcess } from './server-process.ts';
import { startStage } from './stage.ts';

test('a new server waits until the old one is gone, and follows its watches to their end', async () => {
  await using stage = await startStage({ queues: 1, channels: 1 });
  const { slack, redrives, server, queues } = stage;
  await stage.open();
  const [{ name, arn } = { name: '', arn: '' }] = queues;
  const redrive = redrives.begin({ arn, end: 'COMPLETED', total: 9, moved: 9, countsLateMs: 0, left: 3 });
  const card = await askForCard(slack, 'UANN', 'CTEAM0', name);
  await clickUntilTaken(slack, 'UANN', card, 'Watch');

  const port = await freePort();
  const next = createServerProcess({ ...stage.variables, PORT: String(port) }, { supervised: false });
  const ready = next.start();
  await expect.poll(() => slack.callsOf('auth.test').length, { timeout: 10_000 }).toBe(2);
  await sleep(500);
  slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  const whileItWaits = [await readinessOf(port), (await slack.as('UANN').clicks(card, 'Watch')).ok];
  await server.stop();
  await ready;
  redrives.endIn(redrive, 0);
  await expect.poll(() => endsTold(slack), { timeout: 10_000 }).toBe(1);
  expect({
    whileItWaits,
    afterwards: [await readinessOf(port), (await slack.as('UBOB').types('CTEAM0', `/dlq-tasks ${name}`)).ok],
    toldTwice: toldTwice(slack),
    exitCode: await next.stop(),
  }).toEqual({ whileItWaits: [503, false], afterwards: [200, true], toldTwice: [], exitCode: 0 });
}, 40_000);

async function readinessOf(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  return answer.status;
}
