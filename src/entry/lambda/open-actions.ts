import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createActionRuns } from '../../engine/durable/action-runs.ts';
import type { ActionStore } from '../../operations/actions/action-store.ts';
import { type ActionDuties, type Actions, createActions } from '../../operations/actions/actions.ts';
import type { StartActionRun } from '../../operations/actions/ports.ts';
import { expectingEnds } from '../../operations/expected-ends.ts';
import { createDynamodbExpectedEnds } from '../../storage/dynamodb/dynamodb-expected-ends.ts';
import type { WatchRows } from '../../storage/dynamodb/watch-table.ts';
import { type ActingGiven, actingPorts } from '../acting.ts';

/** Actions for the worker, where people ask, and for the runs that drive them. */
export function openActions(
  store: ActionStore,
  { start, rows, ...given }: Omit<ActingGiven, 'expectEnd'> & { start: StartActionRun; rows: WatchRows },
): Actions & ActionDuties {
  const { clock, log } = given.parts;
  const ends = createDynamodbExpectedEnds({ rows, clock, log });
  return createActions({
    ...actingPorts({ ...given, expectEnd: expectingEnds({ ends, clock }) }),
    store,
    runs: createActionRuns({ start, read: store.read }, pause),
    newId: randomUUID,
    random: Math.random,
  });
}
