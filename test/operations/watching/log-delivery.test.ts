import { expect, test } from 'vitest';
import { cardStateOf } from '../../../src/domain/watch/notification.ts';
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
    'a notice could not be told and is tried again',
    { what: 'retried', notification, why },
    'warn',
    { key, why },
  ],
  [
    'a notice could not be told and is tried again',
    { what: 'retried', notification: { ...notification, direct: { user: 'U1', of: 'w1/ended' } }, why },
    'warn',
    { key, why, person: 'U1' },
  ],
  [
    'a notice could not be told and is dropped',
    { what: 'dropped', notification, why },
    'error',
    { key, why, watchers: ['U1'] },
  ],
  [
    'a notice keeps its first text',
    { what: 'dropped', notification: { ...notification, delivered: 1 }, why },
    'warn',
    { key, why },
  ],
  [
    'notices are dropped: the end was told before them',
    { what: 'overtaken', notifications: [notification] },
    'warn',
    { keys: [key] },
  ],
  [
    'a card could not be edited and is tried again',
    { what: 'card update retried', cardUpdate, why },
    'warn',
    { why },
  ],
  [
    'a card could not be edited and stays as it is',
    { what: 'card update dropped', cardUpdate, why },
    'error',
    { why, watchers: ['U1'] },
  ],
  [
    'a card is gone, and the watch goes on without it',
    { what: 'card gone', cardUpdate, why },
    'warn',
    { why },
  ],
])('the log says that %s, of which watch, queue and channel', (message, happened, level, facts) => {
  const { lines, events } = said(happened, 'orders');
  const where = { watch: 'w1', queue: watch.queueArn, alias: 'orders', channel: 'C1' };
  expect(lines).toEqual([{ level, ...where, ...facts, message }]);
  const isLost = happened.what === 'card update dropped' || happened.what === 'card gone';
  expect(events).toEqual(isLost ? [{ what: 'card update dropped' }] : []);
});

test('the log names the queue by its ARN alone once it has left the settings', () => {
  expect(said({ what: 'retried', notification, why }).lines).toEqual([
    {
      level: 'warn',
      watch: 'w1',
      queue: watch.queueArn,
      channel: 'C1',
      key,
      why,
      message: 'a notice could not be told and is tried again',
    },
  ]);
});
