import type { MoveTask } from '../move-task.ts';
import type { Action, ActionResult, VoidReason } from './action.ts';

/** The result of the one call. `unsure`: it may have happened. */
export type CallOutcome = {
  kind: 'accepted' | 'rejected' | 'had-ended' | 'unsure';
  result: ActionResult;
};

/** Events that only a waiting request accepts. */
export type RequestEvent =
  /** Without approvers: the message is posted, so the call can be made. */
  | { kind: 'submit'; newestKnown: number; depth?: number }
  | {
      kind: 'approve';
      by: string;
      /** By the current settings and group members. */
      isApprover: boolean;
      newestKnown: number;
      depth?: number;
      /** The depth on the clicked button, if it showed a new one. */
      confirms?: number;
    }
  | { kind: 'decline'; by: string; isApprover: boolean }
  | { kind: 'withdraw'; by: string }
  /** `isAnswered`: the requester waits for the answer and gets it in person. */
  | { kind: 'void'; because: VoidReason; isAnswered?: boolean }
  /** Its message is gone, so no one can decide. */
  | { kind: 'message-gone'; message: string }
  /** Time has passed: it may be due for a reminder, or have expired. */
  | { kind: 'time' };

export type ActionEvent =
  | RequestEvent
  | { kind: 'posted'; message: string }
  | { kind: 'answered'; outcome: CallOutcome }
  /** The call's answer is lost: the process was killed, or could not store it. */
  | { kind: 'answer-lost' }
  /** A poll that began at `askedAt`. Without `tasks` it failed. `wasCanceledBefore`: by another action. */
  | { kind: 'polled'; askedAt: number; tasks?: readonly MoveTask[]; wasCanceledBefore?: boolean };

export type Ignored =
  | { because: 'decided-already'; state: Action['state']; decider?: string }
  | { because: 'own-request' | 'not-an-approver' | 'not-the-requester' | 'depth-unknown' | 'nothing-new' };

export type Transition =
  /** To be committed. `call`: whoever commits it makes the call, once. `askAgain`: show the approver the new depth. */
  | { kind: 'changed'; action: Action; call?: Action['kind']; askAgain?: { depth: number; before: number } }
  | { kind: 'ignored'; why: Ignored };
