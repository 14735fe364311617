import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type AskSts, createAssumeRole } from './assume-role.ts';
import type { Connections } from './connections.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { Timeouts } from './timeouts.ts';

/** STS over the AWS SDK: one client for each region. */
function createStsClients({ clientConfig }: Connections): AskSts {
  const clients = new Map<string, STSClient>();
  return async (input, region, abortSignal) => {
    const client = clients.get(region) ?? new STSClient({ ...clientConfig, region });
    clients.set(region, client);
    return (await client.send(new AssumeRoleCommand(input), { abortSignal })).Credentials;
  };
}

/** One session for each role, over the AWS SDK. */
export function roleSessions(connections: Connections, timeouts: Timeouts, clock: () => number): Sessions {
  const patience = connections.patience(timeouts.assumeRole);
  return createSessions(createAssumeRole(createStsClients(connections), patience), clock);
}
