import type { AwsError, Outcome } from '../domain/aws-error.ts';
import type { Role } from '../domain/role.ts';
import { createExpiring } from '../operations/expiring.ts';
import type { AssumeRole, Session } from './assume-role.ts';

/** One session for each role, whatever the region. */
export type Sessions = {
  /** The session in hand, or a new one; everybody who asks meanwhile shares the one AssumeRole. */
  open(role: Role, region: string): Promise<Outcome<Session>>;
  /** Forgets a session that AWS does not take any more. Does nothing when another has replaced it. */
  drop(role: Role, session: Session): void;
};

const fiveMinutes = 5 * 60_000;

/** How a refused AssumeRole passes by the sessions in hand. */
class NotAssumed extends Error {
  readonly awsError: AwsError;
  constructor(awsError: AwsError) {
    super(awsError.code);
    this.awsError = awsError;
  }
}

export function createSessions(assumeRole: AssumeRole, clock: () => number): Sessions {
  const sessions = createExpiring<Session>({
    clock,
    // One that was just got serves, even if our clock is ahead of AWS's by more than it lasts.
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
    async open(role, region) {
      try {
        return { ok: true, value: await sessions.get(keyOf(role), () => assume(role, region)) };
      } catch (error) {
        if (error instanceof NotAssumed) return { ok: false, awsError: error.awsError };
        throw error;
      }
    },
    drop: (role, session) => sessions.drop(keyOf(role), session),
  };
}

function keyOf({ arn, externalId }: Role): string {
  return JSON.stringify([arn, externalId]);
}
