import { createHash } from 'node:crypto';
import type { WatchRun } from '../../operations/watching/start-watch.ts';

const longest = 64;

/** The name of a run's execution: the same for the same run, and of the characters that Lambda takes. */
export function runNameOf({ watch, run }: WatchRun): string {
  const name = `${watch}-${run}`.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return name.length <= longest ? name : createHash('sha256').update(name).digest('hex');
}
