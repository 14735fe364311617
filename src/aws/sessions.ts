import type { Outcome } from '../domain/problem.ts';
import type { Role } from '../domain/queue.ts';
import type { AssumeRole, Session } from './assume-role.ts';

/** One session for each role, whatever the region. */
export type Sessions = {
  /** The session in hand, or a new one; everybody who asks meanwhile shares the one AssumeRole. */
  open(role: Role, region: string): Promise<Outcome<Session>>;
  /** Forgets a session that AWS does not take any more. Does nothing when another has replaced it. */
  drop(role: Role, session: Session): void;
};

const fiveMinutes = 5 * 60_000;

export function createSessions(assumeRole: AssumeRole, clock: () => number): Sessions {
  const inHand = new Map<string, Session & { gotAt: number }>();
  const renewals = new Map<string, Promise<Outcome<Session>>>();

  const renew = (role: Role, region: string) => {
    const key = keyOf(role);
    const renewal =
      renewals.get(key) ??
      assumeRole(role, region)
        .then((outcome) => {
          if (!outcome.ok) return outcome;
          const session = { ...outcome.value, gotAt: clock() };
          inHand.set(key, session);
          return { ok: true as const, value: session };
        })
        .finally(() => renewals.delete(key));
    renewals.set(key, renewal);
    return renewal;
  };

  return {
    async open(role, region) {
      const session = inHand.get(keyOf(role));
      if (session && !isToBeRenewed(session, clock())) return { ok: true, value: session };
      const renewed = await renew(role, region);
      const stillServes = !renewed.ok && session && clock() < session.expiresAt;
      return stillServes ? { ok: true, value: session } : renewed;
    },
    drop(role, session) {
      if (inHand.get(keyOf(role)) === session) inHand.delete(keyOf(role));
    },
  };
}

/** Not one that was just got: it serves, even if our clock is ahead of AWS's by more than it lasts. */
function isToBeRenewed({ expiresAt, gotAt }: Session & { gotAt: number }, now: number): boolean {
  return expiresAt - now < fiveMinutes && now - gotAt >= fiveMinutes;
}

function keyOf({ arn, externalId }: Role): string {
  return JSON.stringify([arn, externalId]);
}
