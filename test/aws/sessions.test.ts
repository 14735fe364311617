import { expect, test } from 'vitest';
import { createSessions } from '../../src/aws/role-access.ts';

const hour = 3_600_000;
const role = { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' };

/** STS, whose clock is an hour behind ours or level with it. */
function sessionsWhen(ourClockIsAheadMs: number) {
  const world = { now: 0, asked: 0 };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' };
  const assumeRole = async () => {
    world.asked += 1;
    return { ok: true as const, value: { credentials, expiresAt: world.now - ourClockIsAheadMs + hour } };
  };
  return { world, sessions: createSessions(assumeRole, () => world.now) };
}

test.each([
  ['level with', 0, [1, 1, 1, 2]],
  ['three days ahead of', 72 * hour, [1, 1, 2, 3]],
])("reuses a session while it is valid, even if our clock is %s AWS's", async (_, aheadMs, asked) => {
  const { world, sessions } = sessionsWhen(aheadMs);
  const after = [];
  for (const minutes of [0, 4, 10, 56]) {
    world.now = minutes * 60_000;
    await sessions.open(role, 'eu-west-1');
    after.push(world.asked);
  }
  expect(after).toEqual(asked);
});
