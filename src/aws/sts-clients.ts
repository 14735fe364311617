import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { isRegionOf } from '../domain/partitions.ts';
import { type AskSts, createAssumeRole } from './assume-role.ts';
import type { Connections } from './connections.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { Timeouts } from './timeouts.ts';

/**
 * STS over the AWS SDK: one client for each region. The bot's own region is asked where it is of the role's partition:
 * what STS gives there serves everywhere in it, while STS of a region that must be switched on first may not know the
 * bot's keys.
 */
function createStsClients({ clientConfig }: Connections): AskSts {
  const clients = new Map<string, STSClient>();
  const ownRegion = () => new STSClient(clientConfig).config.region().catch(() => undefined);
  return async (input, queueRegion, abortSignal) => {
    const own = await ownRegion();
    const [, partition = ''] = input.RoleArn.split(':');
    const region = own !== undefined && isRegionOf(partition, own) ? own : queueRegion;
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
