import { createAssumeRole } from './assume-role.ts';
import { createConnections, defaultTimeouts, type Timeouts } from './connections.ts';
import { createSessions } from './sessions.ts';

export type RoleAccessOptions = { clock?: () => number; timeouts?: Partial<Timeouts> };

/** What all AWS clients of a process share: connections, and one session per role. */
export type RoleAccess = ReturnType<typeof createRoleAccess>;

export function createRoleAccess({ clock = Date.now, timeouts: given }: RoleAccessOptions = {}) {
  const timeouts = { ...defaultTimeouts, ...given };
  const connections = createConnections(timeouts);
  const sessions = createSessions(createAssumeRole(connections, timeouts.assumeRole), clock);
  return { connections, sessions, timeouts, clock, stop: () => connections.close() };
}
