import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { endsTold } from './outcomes.ts';
import { askForCard, clickUntilTaken } from './people.ts';
import { toldTwice } from './said.ts';
import { startStage } from './stage.ts';

test('reports an end that happened while the token was revoked once the token is valid again', async () => {
  await using stage = await startStage({ queues: 1, channels: 1 });
  const { slack, redrives, server, queues } = stage;
  await stage.open();
  const [{ name, arn } = { name: '', arn: '' }] = queues;
  const redrive = redrives.begin({ arn, end: 'COMPLETED', total: 9, moved: 9, countsLateMs: 0, left: 3 });
  await clickUntilTaken(slack, 'UANN', await askForCard(slack, 'UANN', 'CTEAM0', name), 'Watch');

  const restore = slack.faults.add({ kind: 'error', error: 'token_revoked' });
  redrives.endIn(redrive, 0);
  await slack.until(() => slack.callsOf('chat.postMessage').find(({ error }) => error === 'token_revoked'));
  await sleep(5_000);
  const whileRevoked = [endsTold(slack), server.restarts()];
  restore();
  await expect.poll(() => endsTold(slack), { timeout: 90_000 }).toBe(1);
  expect([whileRevoked, toldTwice(slack), server.restarts()]).toEqual([[0, 0], [], 0]);
});
