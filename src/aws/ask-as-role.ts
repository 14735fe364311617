import { areCredentialsRefused, type Outcome } from '../domain/aws-error.ts';
import type { Queue } from '../domain/queue.ts';
import type { Session } from './assume-role.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import type { Sessions } from './sessions.ts';
import type { SqsInputs, SqsOf, SqsOperation } from './sqs-clients.ts';
import type { WithTimeLimit } from './time-limit.ts';

/** The region and the role to use. Without a role the bot's own credentials are used. */
type Asked = Pick<Queue, 'region'> & Partial<Pick<Queue, 'role'>>;

export type AskAsRole = <O extends SqsOperation>(
  asked: Asked,
  operation: O,
  input: SqsInputs[O],
  signal?: AbortSignal,
) => Promise<Outcome<object>>;

export type AskAsRoleParts = {
  sqsOf: SqsOf;
  sessions: Sessions;
  /** For a whole call, including AssumeRole and retries. */
  withTimeLimit: WithTimeLimit;
};

export function createAskAsRole({ sqsOf, sessions, withTimeLimit }: AskAsRoleParts): AskAsRole {
  return async ({ role, region }, operation, input, signal) => {
    const roleArn = role?.arn ?? '';
    const attempt = { service: 'SQS', action: `sqs:${operation}`, roleArn, region } as const;

    const askAs = async (
      session: Session | undefined,
      abortSignal: AbortSignal,
    ): Promise<Outcome<object>> => {
      try {
        return { ok: true, value: await sqsOf(session, region)(operation, input, abortSignal) };
      } catch (error) {
        return { ok: false, awsError: awsErrorFrom(error, attempt) };
      }
    };
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
    return withTimeLimit(askTwiceAtMost, signal).catch((error: unknown) => ({
      ok: false,
      awsError: awsErrorFrom(error, attempt),
    }));
  };
}
