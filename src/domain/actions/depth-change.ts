import type { Action } from './action.ts';

const confirmedWithinMs = 5 * 60_000;

/** More than 10 messages and more than a tenth. */
export function depthChanged(before: number, depth: number): boolean {
  const difference = Math.abs(depth - before);
  return difference > 10 && difference > before / 10;
}

/** The depth that the approver has seen: the request's or, for five minutes, the one on the clicked button. */
export function baselineDepth(action: Action, confirms: number | undefined, now: number): number | undefined {
  const { confirmation, depthAtRequest } = action;
  const isConfirmed =
    confirmation !== undefined &&
    confirms === confirmation.depth &&
    now >= confirmation.at &&
    now - confirmation.at <= confirmedWithinMs;
  return isConfirmed ? confirmation.depth : depthAtRequest;
}
