import type { ActionState } from './action.ts';

export const stateInBrief: Record<ActionState, string> = {
  requested: 'requested',
  declined: 'declined',
  withdrawn: 'withdrawn',
  expired: 'expired',
  void: 'void',
  starting: 'starting',
  started: 'started',
  rejected: 'rejected by AWS',
  unsure: "unsure: AWS's answer was lost",
  'not-started': 'not started',
  cancelling: 'canceling',
  cancelled: 'canceled',
  'had-ended': 'had already ended',
  unknown: 'written by a newer version',
};
