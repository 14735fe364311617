import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsError, Outcome } from '../domain/aws-error.ts';
import type { Queue } from '../domain/queue.ts';
import type { Role } from '../domain/settings.ts';
import { createExpiring } from '../operations/expiring.ts';
import { areCredentialsRefused, awsErrorFrom } from './aws-error-from.ts';
import { type Connections, createConnections, defaultTimeouts, type Timeouts } from './connections.ts';
import { type AssumeRole, createAssumeRole, type Session } from './sts.ts';

export type RoleAccessOptions = { clock?: () => number; timeouts?: Partial<Timeouts> };

/** What all AWS clients of a process share: connections, one session per role, and a way to ask SQS with them. */
export type RoleAccess = ReturnType<typeof createRoleAccess>;

export function createRoleAccess({ clock = Date.now, timeouts: given }: RoleAccessOptions = {}) {
  const timeouts = { ...defaultTimeouts, ...given };
  const connections = createConnections(timeouts);
  const assumeRole = createAssumeRole(connections, timeouts.assumeRole);
  const sessions = createSessions(assumeRole, clock);
  const ask = createAskAsRole({ connections, sessions, timeouts });
  return { connections, assumeRole, sessions, ask, timeouts, clock, stop: () => connections.close() };
}

const fiveMinutes = 5 * 60_000;

/** Carries a rejected AssumeRole through the cache. */
class NotAssumed extends Error {
  readonly awsError: AwsError;
  constructor(awsError: AwsError) {
    super(awsError.code);
    this.awsError = awsError;
  }
}

export function createSessions(assumeRole: AssumeRole, clock: () => number) {
  const sessions = createExpiring<Session>({
    clock,
    // A new session is used even if our clock is so far ahead that it seems to have expired.
    lifeOf: ({ expiresAt }, gotAt) => ({
      freshUntil: Math.max(expiresAt - fiveMinutes, gotAt + fiveMinutes),
      servesUntil: expiresAt,
    }),
  });
  const assume = async (role: Role, region: string) => {
    const assumed = await assumeRole(role, region);
    if (assumed.ok) return assumed.value;
    throw new NotAssumed(assumed.awsError);
  };
  return {
    /** The cached session or a new one; concurrent callers share one AssumeRole. */
    async open(role: Role, region: string): Promise<Outcome<Session>> {
      try {
        return { ok: true, value: await sessions.get(keyOf(role), () => assume(role, region)) };
      } catch (error) {
        if (error instanceof NotAssumed) return { ok: false, awsError: error.awsError };
        throw error;
      }
    },
    /** Forgets a session that AWS no longer accepts. Does nothing if it has been replaced already. */
    drop: (role: Role, session: Session) => sessions.drop(keyOf(role), session),
  };
}

function keyOf({ arn, externalId }: Role): string {
  return JSON.stringify([arn, externalId]);
}

/** The region and the role to use. Without a role the bot's own credentials are used. */
type Asked = Pick<Queue, 'region'> & Partial<Pick<Queue, 'role'>>;

/** Sends one of SQS's commands. Its answer is not validated. */
export type AskAsRole = <A>(
  asked: Asked,
  action: `sqs:${string}`,
  send: (sqs: SQSClient, options: { abortSignal: AbortSignal }) => Promise<A>,
  signal?: AbortSignal,
) => Promise<Outcome<A>>;

export function createAskAsRole(
  { connections, sessions, timeouts }: Pick<RoleAccess, 'connections' | 'sessions' | 'timeouts'>,
  pace?: Pace,
): AskAsRole {
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

/** Delays requests to limit their rate. Each of the SDK's retries is a request of its own. */
export type Pace = <T>(request: () => Promise<T>) => Promise<T>;

/** The key for clients that use the bot's own credentials. */
const ownCredentials = {};

/**
 * SQS clients of the AWS SDK: one per session and region; without a session the bot's own credentials are used. A
 * client has the same session for life: the SDK caches credentials, so a client that outlives its session might keep
 * using old ones. Connections are shared and survive.
 */
function createSqsClients({ clientConfig }: Connections, pace?: Pace) {
  const clients = new WeakMap<object, Map<string, SQSClient>>();
  const clientOf = (session: Session | undefined, region: string) => {
    const client = new SQSClient({
      ...clientConfig,
      region,
      ...(session && { credentials: session.credentials }),
      // Otherwise the SDK sends requests to the queue URL's host instead of the configured endpoint.
      useQueueUrlAsEndpoint: false,
    });
    if (pace) {
      client.middlewareStack.add((next) => (args) => pace(() => next(args)), {
        // Below the retries.
        step: 'finalizeRequest',
        priority: 'low',
      });
    }
    return client;
  };
  return (session: Session | undefined, region: string): SQSClient => {
    const ofSession = clients.get(session ?? ownCredentials) ?? new Map<string, SQSClient>();
    clients.set(session ?? ownCredentials, ofSession);
    const client = ofSession.get(region) ?? clientOf(session, region);
    ofSession.set(region, client);
    return client;
  };
}
