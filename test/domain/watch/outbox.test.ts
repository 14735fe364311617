import { describe, expect, test } from 'vitest';
import { emptyOutbox, type Outbox, remember } from '../../../src/domain/watch/outbox.ts';
import type { Telling } from '../../../src/domain/watch/telling.ts';
import { noon } from './a-watch.ts';

function edit(status: 'RUNNING' | 'COMPLETED'): Telling {
  const task = { status, statusText: status, startedAt: noon };
  const final = status === 'COMPLETED';
  const state = { queueArn: 'arn', task, seenAt: noon, earlier: [], final, watchers: [], notListed: false };
  return { kind: 'card', state };
}

/** Told to wait for half an hour, as one of thousands of cards. */
function waiting(outbox: Outbox): Outbox {
  return outbox.edit ? { ...outbox, edit: { ...outbox.edit, notBefore: noon + 1_800_000 } } : outbox;
}

describe('an edit that waits', () => {
  const waits = waiting(remember(emptyOutbox, [edit('RUNNING')], noon));

  test('hands its wait on to a newer one', () => {
    expect(remember(waits, [edit('RUNNING')], noon + 1).edit?.notBefore).toBe(noon + 1_800_000);
  });

  test('is replaced at once by the one that shows the end', () => {
    const ended = remember(waits, [edit('COMPLETED')], noon + 1);
    expect(ended.edit?.notBefore).toBe(noon + 1);
    expect(remember(waiting(ended), [edit('COMPLETED')], noon + 2).edit?.notBefore).toBe(noon + 1_800_000);
  });
});
