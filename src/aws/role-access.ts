import type { AwsError, Outcome } from '../domain/aws-error.ts';
import type { Role } from '../domain/role.ts';
import { createExpiring } from '../operations/expiring.ts';
import { type AssumeRole, createAssumeRole, type Session } from './assume-role.ts';
import { createConnections, defaultTimeouts, type Timeouts } from './connections.ts';

export type RoleAccessOptions = { clock?: () => number; timeouts?: Partial<Timeouts> };

/** What all AWS clients of a process share: connections, and one session per role. */
export type RoleAccess = ReturnType<typeof createRoleAccess>;

export function createRoleAccess({ clock = Date.now, timeouts: given }: RoleAccessOptions = {}) {
  const timeouts = { ...defaultTimeouts, ...given };
  const connections = createConnections(timeouts);
  const sessions = createSessions(createAssumeRole(connections, timeouts.assumeRole), clock);
  return { connections, sessions, timeouts, clock, stop: () => connections.close() };
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
