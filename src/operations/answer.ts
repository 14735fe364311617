import type { MoveTask } from '../domain/move-task.ts';
import type { Outcome, Problem } from '../domain/problem.ts';
import type { CountAt } from '../domain/progress.ts';
import type { Queue } from '../domain/queue.ts';
import type { Refusal } from './access.ts';
import type { Depth } from './move-tasks.ts';

/** What one look at a queue found. */
export type QueueReport = {
  queue: Queue;
  /** When the look began, epoch milliseconds: the time of the sighting. */
  seenAt: number;
  /** Newest first. */
  tasks: MoveTask[];
  depth: Outcome<Depth>;
  /** How many tasks were asked for: 1 is a card, more is a history. */
  asked: number;
  /** Counts of the newest task from earlier sightings, oldest first. */
  earlier: readonly CountAt[];
};

/** One line of the overview. */
export type OverviewRow = { queue: Queue; task?: MoveTask; depth?: Depth; problem?: Problem };
export type Overview = { rows: OverviewRow[]; seenAt: number };

/** What an operation wants said. Reports and overviews are for the channel, all else for the asker alone. */
export type Answer =
  | { kind: 'report'; report: QueueReport }
  | { kind: 'overview'; overview: Overview }
  | { kind: 'choice'; typed: string; queues: Queue[]; asked: number }
  | { kind: 'unknown-queue'; typed: string; nearest: Queue[]; asked: number }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'problem'; queue: Queue; problem: Problem };
