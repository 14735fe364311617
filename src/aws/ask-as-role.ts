import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Outcome } from '../domain/problem.ts';
import type { Queue } from '../domain/queue.ts';
import { createAssumeRole, type Session } from './assume-role.ts';
import type { Connections } from './connections.ts';
import { problemFrom } from './problem-from.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSqsClients } from './sqs-clients.ts';
import { type Timeouts, unlessAborted } from './timeouts.ts';

export type Send<T> = (sqs: SQSClient, options: { abortSignal: AbortSignal }) => Promise<T>;

/** Sends one request about a queue as the queue's role; given up when the signal is aborted. */
export type AskAsRole = <T>(
  queue: Queue,
  action: string,
  send: Send<T>,
  signal?: AbortSignal,
) => Promise<Outcome<T>>;

type AskAsRoleOptions = { timeouts: Timeouts; clock: () => number; sessions?: Sessions };

export function createAskAsRole(
  connections: Connections,
  { timeouts, clock, sessions = roleSessions(connections, timeouts, clock) }: AskAsRoleOptions,
): AskAsRole {
  const clientFor = createSqsClients(connections);

  return async (queue, action, send, signal) => {
    const patience = connections.patience(timeouts.call);
    const abortSignal = signal ? AbortSignal.any([patience, signal]) : patience;
    const { role, region } = queue;
    const attempt = { service: 'SQS', action, roleArn: role.arn } as const;

    const sendAs = async (session: Session) => {
      try {
        return { ok: true, value: await send(clientFor(session, region), { abortSignal }) } as const;
      } catch (error) {
        return { ok: false, problem: problemFrom(error, attempt) } as const;
      }
    };
    const askTwiceAtMost = async () => {
      const session = await sessions.open(role, region);
      if (!session.ok) return session;
      const outcome = await sendAs(session.value);
      if (!sessionIsRefused(outcome)) return outcome;
      sessions.drop(role, session.value);
      const fresh = await sessions.open(role, region);
      return fresh.ok ? sendAs(fresh.value) : fresh;
    };
    return unlessAborted(askTwiceAtMost(), abortSignal).catch((error: unknown) => ({
      ok: false,
      problem: problemFrom(error, attempt),
    }));
  };
}

export function roleSessions(connections: Connections, timeouts: Timeouts, clock: () => number): Sessions {
  return createSessions(createAssumeRole(connections, timeouts.assumeRole), clock);
}

function sessionIsRefused(outcome: Outcome<unknown>): boolean {
  if (outcome.ok) return false;
  const { kind } = outcome.problem;
  return kind === 'session-expired' || kind === 'credentials-invalid';
}
