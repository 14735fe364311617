import type { SlackTrouble } from '../domain/doctor/slack-checks.ts';
import { slackFailureFrom } from './slack-failure.ts';

export function troubleFrom(error: unknown): SlackTrouble {
  const failure = slackFailureFrom(error);
  return failure.kind === 'in-doubt' ? { kind: 'unreachable', code: failure.code } : failure;
}
