import { type Connections, createConnections } from './connections.ts';
import type { Sessions } from './sessions.ts';
import { roleSessions } from './sts-clients.ts';
import { patientTimeouts, type Timeouts } from './timeouts.ts';

/** What all that asks AWS in one process has in common: connections, and one session for each role. */
export type RoleAccess = {
  connections: Connections;
  sessions: Sessions;
  timeouts: Timeouts;
  clock: () => number;
  stop(): void;
};

export type RoleAccessOptions = { clock?: () => number; timeouts?: Partial<Timeouts> };

export function createRoleAccess({ clock = Date.now, timeouts: given }: RoleAccessOptions = {}): RoleAccess {
  const timeouts = { ...patientTimeouts, ...given };
  const connections = createConnections(timeouts);
  const sessions = roleSessions(connections, timeouts, clock);
  return { connections, sessions, timeouts, clock, stop: () => connections.close() };
}
