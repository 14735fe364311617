import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createActionRuns } from '../../engine/durable/action-runs.ts';
import { type ActionDuties, type Actions, createActions } from '../../operations/actions/actions.ts';
import { type ActingGiven, actingPorts } from '../acting.ts';
import type { ActionParts } from './action-parts.ts';

/** Actions for the worker, where people ask, and for the runs that drive them. */
export function openActions({ store, start }: ActionParts, given: ActingGiven): Actions & ActionDuties {
  return createActions({
    ...actingPorts(given),
    store,
    runs: createActionRuns({ start, read: store.read }, pause),
    newId: randomUUID,
    random: Math.random,
  });
}
