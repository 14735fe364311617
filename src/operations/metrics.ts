import type { AwsErrorKind } from '../domain/aws-error.ts';

/** One thing that happened. No word of it may come from outside without a bound: each becomes a series of its own. */
export type Counted =
  /** A person was answered. `how`: command, or the button's id. `outcome`: as in the log, without its details. */
  | { what: 'command'; how: string; outcome: string }
  /** A look at a queue, for its watches or for what begins elsewhere. */
  | { what: 'poll'; by: 'watch' | 'follow'; outcome: 'seen' | AwsErrorKind }
  /** AWS could not be asked, whoever wanted to know. */
  | { what: 'aws error'; kind: AwsErrorKind }
  /** A card's edit that was never made, because a newer one took its place or Slack did not take it. */
  | { what: 'card update dropped' }
  | { what: 'task announced' }
  /** A connection over Socket Mode could not be made or did not last. `reason`: Slack's word, an HTTP status or a network code. */
  | { what: 'socket failure'; reason: string }
  /** What is kept of a watch or of a followed queue could not be read, and was put aside. */
  | { what: 'row unreadable' };

/** One thing that took time. */
export type Timed =
  | { what: 'command' }
  /** How long after its time a look at a watched queue began. */
  | { what: 'tick lateness' }
  /** One call through the port MoveTasks, AssumeRole and retries included. */
  | { what: 'aws call'; action: string; outcome: 'ok' | AwsErrorKind }
  /** One HTTP request to Slack's Web API. */
  | { what: 'slack call'; method: string; outcome: 'answered' | 'rate limited' | 'failed' };

/** Port: numbers for an operator. Neither call throws or waits. */
export type Metrics = {
  counted(event: Counted): void;
  timed(event: Timed, ms: number): void;
};
