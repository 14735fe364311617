import { expect, test } from 'vitest';
import { isFinished, moveTaskStatuses } from '../../src/domain/move-task-status.ts';

test('a task is over when it has completed, was canceled or has failed', () => {
  expect(moveTaskStatuses.filter((status) => isFinished({ status }))).toEqual([
    'COMPLETED',
    'CANCELLED',
    'FAILED',
  ]);
});
