import type { AwsErrorKind } from '../domain/aws-error.ts';

/** One event. Every label value becomes a series of its own, so values from outside must be bounded. */
export type Counted =
  /** A person was answered. `how`: command, or the button's id. `outcome`: as in the log, without its details. */
  | { what: 'command'; how: string; outcome: string }
  /** A poll of a queue, for its watches or for following it. */
  | { what: 'poll'; by: 'watch' | 'follow'; outcome: 'seen' | AwsErrorKind }
  | { what: 'aws error'; kind: AwsErrorKind }
  /** A card update that was never made, because a newer one replaced it or Slack rejected it. */
  | { what: 'card update dropped' }
  | { what: 'task announced' }
  /** A Socket Mode connection failed. `reason`: Slack's error code, an HTTP status or a network code. */
  | { what: 'socket failure'; reason: string }
  /** The stored row of a watch or of a followed queue could not be read and was set aside. */
  | { what: 'row unreadable' };

export type Timed =
  | { what: 'command' }
  /** How late the poll of a watched queue began. */
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
