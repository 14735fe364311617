import { expect, test } from 'vitest';
import type { KeptNotice } from '../../../src/domain/watch/outbox.ts';
import { cardStateOf } from '../../../src/domain/watch/telling.ts';
import type { Happened } from '../../../src/operations/watching/after-telling.ts';
import { say } from '../../../src/operations/watching/say-what-happened.ts';
import { aTask, aWatch, noon } from '../../domain/watch/a-watch.ts';
import { recordedLog, recordedMetrics } from '../../support/recorded.ts';

const watch = aWatch({ seen: { task: aTask(), at: noon } });
const delivery = { since: noon, notBefore: noon, failures: 0 };
const notice: KeptNotice = {
  key: 'w1/joined/U1',
  notice: { kind: 'joined', user: 'U1' },
  version: 1,
  told: 0,
  maybeTold: false,
  ...delivery,
};
const edit = { state: cardStateOf(watch) ?? expect.unreachable(), version: 1, ...delivery };
const { key } = notice;
const why = 'is_archived';

function said(happened: Happened, alias?: string) {
  const { lines, log } = recordedLog();
  const { events, metrics } = recordedMetrics();
  const queueOf = () => (alias === undefined ? undefined : { alias });
  say(happened, watch, { log, metrics, rules: { queueOf } });
  return { lines, events };
}

test.each<[string, Happened, string, object]>([
  ['a notice could not be told and is tried again', { what: 'put off', notice, why }, 'warn', { key, why }],
  [
    'a notice could not be told and is tried again',
    { what: 'put off', notice: { ...notice, direct: { user: 'U1', of: 'w1/ended' } }, why },
    'warn',
    { key, why, person: 'U1' },
  ],
  [
    'a notice could not be told and is dropped',
    { what: 'dropped', notice, why },
    'error',
    { key, why, watchers: ['U1'] },
  ],
  [
    'a notice keeps its first text',
    { what: 'dropped', notice: { ...notice, told: 1 }, why },
    'warn',
    { key, why },
  ],
  [
    'notices are dropped: the end was told before them',
    { what: 'overtaken', notices: [notice] },
    'warn',
    { keys: [key] },
  ],
  ['a card could not be edited and is tried again', { what: 'edit put off', edit, why }, 'warn', { why }],
  [
    'a card could not be edited and stays as it is',
    { what: 'edit dropped', edit, why },
    'error',
    { why, watchers: ['U1'] },
  ],
  ['a card is gone, and the watch goes on without it', { what: 'card gone', edit, why }, 'warn', { why }],
])('the log says that %s, of which watch, queue and channel', (message, happened, level, facts) => {
  const { lines, events } = said(happened, 'orders');
  const where = { watch: 'w1', queue: watch.queueArn, alias: 'orders', channel: 'C1' };
  expect(lines).toEqual([{ level, ...where, ...facts, message }]);
  const isLost = happened.what === 'edit dropped' || happened.what === 'card gone';
  expect(events).toEqual(isLost ? [{ what: 'edit dropped' }] : []);
});

test('the log names the queue by its ARN alone once it has left the settings', () => {
  expect(said({ what: 'put off', notice, why }).lines).toEqual([
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
