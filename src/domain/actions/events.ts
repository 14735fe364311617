import type { MoveTask } from '../move-task.ts';
import type { Action, ActionResult, VoidReason } from './action.ts';

/** What became of the one call. `unsure`: it may have been done. */
export type CallOutcome = {
  kind: 'accepted' | 'rejected' | 'had-ended' | 'unsure';
  result: ActionResult;
};

/** What only a request that waits can take. */
export type RequestEvent =
  /** Without approvers: the message is posted, so that the call may be made. */
  | { kind: 'submit'; newestKnown: number; depth?: number }
  | {
      kind: 'approve';
      by: string;
      /** As the settings and Slack say at this moment. */
      isApprover: boolean;
      newestKnown: number;
      depth?: number;
      /** The depth that the clicked button showed, once it showed a new one. */
      confirms?: number;
    }
  | { kind: 'decline'; by: string; isApprover: boolean }
  | { kind: 'withdraw'; by: string }
  | { kind: 'void'; because: VoidReason }
  /** Time has passed: it may be reminded of, or expire. */
  | { kind: 'time' };

export type ActionEvent =
  | RequestEvent
  /** Its message stands. */
  | { kind: 'posted'; message: string }
  | { kind: 'answered'; outcome: CallOutcome }
  /** Nobody waits for the call's answer any more: the process was killed, or could not keep it. */
  | { kind: 'answer-lost' }
  /** A poll that began at `askedAt`. Without `tasks`: it failed. */
  | { kind: 'polled'; askedAt: number; tasks?: readonly MoveTask[] };

/** Why an event changes nothing. */
export type Ignored =
  | { because: 'decided-already'; state: Action['state']; decider?: string }
  | { because: 'own-request' | 'not-an-approver' | 'not-the-requester' | 'depth-unknown' | 'nothing-new' };

export type Transition =
  /** To be committed. `call`: whoever commits it makes the call, once. `askAgain`: the approver is shown a new depth. */
  | { kind: 'changed'; action: Action; call?: Action['kind']; askAgain?: { depth: number; before: number } }
  | { kind: 'ignored'; why: Ignored };
