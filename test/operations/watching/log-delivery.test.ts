import { expect, test } from 'vitest';
import { cardStateOf } from '../../../src/domain/watch/card-state.ts';
import type { StoredNotification } from '../../../src/domain/watch/outbox.ts';
import type { DeliveryEvent } from '../../../src/operations/watching/after-delivery.ts';
import { logDelivery } from '../../../src/operations/watching/log-delivery.ts';
import { aTask, aWatch, noon } from '../../domain/watch/a-watch.ts';
import { recordedLog, recordedMetrics } from '../../support/recorded.ts';

const watch = aWatch({ seen: { task: aTask(), at: noon } });
const delivery = { since: noon, notBefore: noon, failures: 0 };
const notification: StoredNotification = {
  key: 'w1/joined/U1',
  notification: { kind: 'joined', user: 'U1' },
  version: 1,
  delivered: 0,
  maybeDelivered: false,
  ...delivery,
};
const cardUpdate = { state: cardStateOf(watch) ?? expect.unreachable(), version: 1, ...delivery };
const { key } = notification;
const why = 'is_archived';

function said(happened: DeliveryEvent, alias?: string) {
  const { lines, log } = recordedLog();
  const { events, metrics } = recordedMetrics();
  const queueOf = () => (alias === undefined ? undefined : { alias });
  logDelivery(happened, watch, { log, metrics, rules: { queueOf } });
  return { lines, events };
}

test.each<[string, DeliveryEvent, string, object]>([
  [
    'could not deliver a notification; retrying',
    { what: 'retried', notification, why },
    'warn',
    { key, why },
  ],
  [
    'could not deliver a notification; retrying',
    { what: 'retried', notification: { ...notification, direct: { user: 'U1', of: 'w1/ended' } }, why },
    'warn',
    { key, why, person: 'U1' },
  ],
  [
    'could not deliver a notification; giving up',
    { what: 'dropped', notification, why },
    'error',
    { key, why, watchers: ['U1'] },
  ],
  [
    'could not correct a notification; giving up and leaving its first text',
    { what: 'dropped', notification: { ...notification, delivered: 1 }, why },
    'warn',
    { key, why },
  ],
  [
    'dropped older notifications: the final one was delivered first',
    { what: 'overtaken', notifications: [notification] },
    'warn',
    { keys: [key] },
  ],
  ['could not update a card; retrying', { what: 'card update retried', cardUpdate, why }, 'warn', { why }],
  [
    'could not update a card; giving up and leaving it as is',
    { what: 'card update dropped', cardUpdate, why },
    'error',
    { why, watchers: ['U1'] },
  ],
  [
    'card was deleted; the watch continues without it',
    { what: 'card gone', cardUpdate, why },
    'warn',
    { why },
  ],
])('logs that %s, with watch, queue, and channel', (message, happened, level, facts) => {
  const { lines, events } = said(happened, 'orders');
  const where = { watch: 'w1', queue: watch.queueArn, alias: 'orders', channel: 'C1' };
  expect(lines).toEqual([{ level, ...where, ...facts, message }]);
  const isLost = happened.what === 'card update dropped' || happened.what === 'card gone';
  expect(events).toEqual(isLost ? [{ what: 'card update dropped' }] : []);
});

test('logs only the ARN of a queue that is no longer in the settings', () => {
  expect(said({ what: 'retried', notification, why }).lines).toEqual([
    {
      level: 'warn',
      watch: 'w1',
      queue: watch.queueArn,
      channel: 'C1',
      key,
      why,
      message: 'could not deliver a notification; retrying',
    },
  ]);
});
