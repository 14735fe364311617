import { expect, test } from 'vitest';
import type { PastRedrive } from '../../src/domain/history.ts';
import { recordEnd } from '../../src/operations/record-end.ts';
import { aCancel, aStart, requester } from '../domain/actions/an-action.ts';
import { aTask, now } from '../support/builders.ts';

const watch = {
  queueArn: 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
  startedAt: now,
  seen: { task: aTask({ status: 'CANCELLED', startedAt: now }), at: now + 60_000 },
  card: { channel: 'C1', ts: '1.1' },
};

test.each([
  ['the start that began it here', aStart(), requester],
  ['the cancel of one that was started elsewhere', aCancel(), undefined],
])('records only who started it: %s', async (_, action, expected) => {
  const recorded: PastRedrive[] = [];
  const history = { record: async (redrive: PastRedrive) => void recorded.push(redrive) };
  await recordEnd(watch, { history, startOf: async () => action });
  expect(recorded.map(({ startedHere }) => startedHere?.requester)).toEqual([expected]);
});

test('asks nothing about a redrive that the bot has not seen end', async () => {
  const asked: unknown[] = [];
  const history = { record: async (redrive: PastRedrive) => void asked.push(redrive) };
  const startOf = async () => void asked.push('startOf');
  const { seen: _, ...unseen } = watch;
  await recordEnd(unseen, { history, startOf });
  await recordEnd({ ...watch, seen: { task: aTask(), at: now } }, { history, startOf });
  expect(asked).toEqual([]);
});
