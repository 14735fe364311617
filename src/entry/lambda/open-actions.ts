import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createActionRuns } from '../../engine/durable/action-runs.ts';
import { type ActionDuties, type Actions, createActions } from '../../operations/actions/actions.ts';
import { expectingEnds } from '../../operations/history/expected-ends.ts';
import { createDynamodbExpectedEnds } from '../../storage/dynamodb/dynamodb-expected-ends.ts';
import type { WatchRows } from '../../storage/dynamodb/watch-rows.ts';
import { type ActingGiven, actingPorts } from '../acting.ts';
import type { ActionParts } from './action-parts.ts';

/** Actions for the worker, where people ask, and for the runs that drive them. */
export function openActions(
  { store, start }: ActionParts,
  given: Omit<ActingGiven, 'expectEnd'> & { rows: WatchRows },
): Actions & ActionDuties {
  const { clock, log } = given.parts;
  const ends = createDynamodbExpectedEnds({ rows: given.rows, clock, log });
  return createActions({
    ...actingPorts({ ...given, expectEnd: expectingEnds({ ends, clock }) }),
    store,
    runs: createActionRuns({ start, read: store.read }, pause),
    newId: randomUUID,
    random: Math.random,
  });
}
