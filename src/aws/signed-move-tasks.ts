import type { MoveTasks } from '../operations/move-tasks.ts';
import { createAskAsRole } from './ask-as-role.ts';
import { createAssumeRole } from './assume-role.ts';
import type { MoveTasksOptions } from './move-tasks.ts';
import { createPatience } from './patience.ts';
import { moveTasksOver } from './queue-questions.ts';
import { createSessions } from './sessions.ts';
import type { Credentials } from './signature.ts';
import { type AwsPlace, createSignedCall, type Send } from './signed-call.ts';
import { createSignedSqs } from './signed-sqs.ts';
import { createSignedSts } from './signed-sts.ts';
import { patientTimeouts } from './timeouts.ts';

export type SignedMoveTasksOptions = MoveTasksOptions & {
  /** The bot's own. */
  credentials: Credentials;
  endpoints?: AwsPlace['endpoints'];
  send: Send;
};

/**
 * Asks SQS as each queue's role, without the AWS SDK: for functions, which start often, and where the SDK would be a
 * third of what is loaded. One contract suite holds both to the same behaviour.
 */
export function createSignedMoveTasks(options: SignedMoveTasksOptions): MoveTasks & { stop(): void } {
  const { credentials, endpoints = {}, send, clock = Date.now } = options;
  const timeouts = { ...patientTimeouts, ...options.timeouts };
  const stopping = new AbortController();
  const patience = (ms: number) => createPatience(ms, stopping.signal);
  const callAs = (who: Credentials) => (region: string) =>
    createSignedCall({ region, credentials: who, endpoints }, send);
  const askSts = createSignedSts(callAs(credentials), timeouts.request);
  const ask = createAskAsRole({
    sqsOf: (session, region) => createSignedSqs(callAs(session.credentials)(region), timeouts.request),
    sessions: createSessions(createAssumeRole(askSts, patience(timeouts.assumeRole)), clock),
    patience: patience(timeouts.call),
  });
  return {
    ...moveTasksOver(ask),
    stop: () => stopping.abort(new DOMException('The bot is stopping.', 'AbortError')),
  };
}
