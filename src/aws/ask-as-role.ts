import type { SQSClient } from '@aws-sdk/client-sqs';
import { areCredentialsRefused, type Outcome } from '../domain/aws-error.ts';
import type { Queue } from '../domain/queue.ts';
import type { Session } from './assume-role.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import type { RoleAccess } from './role-access.ts';
import { createSqsClients, type Pace } from './sqs-clients.ts';

/** The region and the role to use. Without a role the bot's own credentials are used. */
type Asked = Pick<Queue, 'region'> & Partial<Pick<Queue, 'role'>>;

/** Sends one of SQS's commands. Its answer is not validated. */
export type AskAsRole = <A>(
  asked: Asked,
  action: `sqs:${string}`,
  send: (sqs: SQSClient, options: { abortSignal: AbortSignal }) => Promise<A>,
  signal?: AbortSignal,
) => Promise<Outcome<A>>;

export function createAskAsRole({ connections, sessions, timeouts }: RoleAccess, pace?: Pace): AskAsRole {
  const sqsOf = createSqsClients(connections, pace);
  const withTimeLimit = connections.withTimeLimit(timeouts.call);
  return ({ role, region }, action, send, signal) => {
    const failed = (error: unknown) => {
      const attempt = { service: 'SQS', action, roleArn: role?.arn ?? '', region } as const;
      return { ok: false as const, awsError: awsErrorFrom(error, attempt) };
    };
    const askAs = (session: Session | undefined, abortSignal: AbortSignal) =>
      send(sqsOf(session, region), { abortSignal }).then((value) => ({ ok: true as const, value }), failed);
    const askTwiceAtMost = async (abortSignal: AbortSignal) => {
      if (!role) return askAs(undefined, abortSignal);
      const session = await sessions.open(role, region);
      if (!session.ok) return session;
      const outcome = await askAs(session.value, abortSignal);
      if (outcome.ok || !areCredentialsRefused(outcome.awsError)) return outcome;
      sessions.drop(role, session.value);
      const fresh = await sessions.open(role, region);
      return fresh.ok ? askAs(fresh.value, abortSignal) : fresh;
    };
    return withTimeLimit(askTwiceAtMost, signal).catch(failed);
  };
}
