import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { orders } from '../support/server-stage.ts';
import { running, serversOfEachTest, within } from '../support/servers-of-each-test.ts';

const { stage, open, cards, ask } = serversOfEachTest();

test("the server opens a newer version's file, reports the end, and logs what it can't deliver", async () => {
  const first = await open();
  await ask();
  await expect.poll(cards, within).toHaveLength(1);
  const [card = { channel: '', ts: '' }] = cards();
  await stage().slack.as('UANN').clicks(card, 'Watch');
  await expect.poll(() => cards()[0]?.text, within).toContain('Watched by');
  first.signal('SIGTERM');
  await first.exit();

  const database = new DatabaseSync(join(stage().variables['DLQ_TASKS_DATA'] ?? '', 'watches.sqlite'));
  database.exec(`PRAGMA user_version = 9; UPDATE writer SET version = '9.0.0'; ALTER TABLE watches ADD COLUMN team TEXT;
    UPDATE watches SET phase = 'paused', look_at = NULL, notice_at = 0, state = json_insert(json_set(state,
      '$.watch.phase', 'paused', '$.watch.nextLookAt', 0, '$.watch.pausedBy', 'UBEN', '$.watch.seen.task.status', 'PAUSED'),
      '$.outbox.notices[#]', json('{"key":"k","notice":{"kind":"paused"}}'))`);
  database.close();

  stage().aws.script(orders.arn, [
    [{ ...running, Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1_000 }],
  ]);
  const second = await open();
  await expect.poll(() => cards()[0]?.text, within).toContain('Completed');
  const ended = () =>
    stage()
      .slack.thread('CGENERAL', card.ts)
      .filter(({ text }) => text.includes('has completed'));
  await expect.poll(ended, within).toHaveLength(1);
  expect(second.said()).toContain('notifications from a newer version are stored but not delivered');
  second.signal('SIGTERM');
  await second.exit();
  const after = new DatabaseSync(join(stage().variables['DLQ_TASKS_DATA'] ?? '', 'watches.sqlite'));
  const row = after
    .prepare(
      "SELECT state ->> '$.watch.pausedBy' AS pausedBy, state ->> '$.outbox.notices' AS notices, team FROM watches",
    )
    .get();
  after.close();
  expect(row).toMatchObject({
    pausedBy: 'UBEN',
    notices: expect.stringContaining('{"key":"k","notice":{"kind":"paused"}}'),
  });
});
