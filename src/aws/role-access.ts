import { type Connections, createConnections } from './connections.ts';
import type { Sessions } from './sessions.ts';
import { roleSessions } from './sts-clients.ts';
import { defaultTimeouts, type Timeouts } from './timeouts.ts';

/** What all AWS clients of a process share: connections, and one session per role. */
export type RoleAccess = {
  connections: Connections;
  sessions: Sessions;
  timeouts: Timeouts;
  clock: () => number;
  stop(): void;
};

export type RoleAccessOptions = { clock?: () => number; timeouts?: Partial<Timeouts> };

export function createRoleAccess({ clock = Date.now, timeouts: given }: RoleAccessOptions = {}): RoleAccess {
  const timeouts = { ...defaultTimeouts, ...given };
  const connections = createConnections(timeouts);
  const sessions = roleSessions(connections, timeouts, clock);
  return { connections, sessions, timeouts, clock, stop: () => connections.close() };
}
