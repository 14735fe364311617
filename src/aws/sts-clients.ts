import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { areCredentialsRefused } from '../domain/aws-error.ts';
import { isRegionOf } from '../domain/partitions.ts';
import { createAssumeRole, type Sts } from './assume-role.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import type { Connections } from './connections.ts';
import { createOwnCredentials, type Keys } from './own-credentials.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { Timeouts } from './timeouts.ts';

export function ownRegion({ clientConfig }: Pick<Connections, 'clientConfig'>): Promise<string | undefined> {
  return new STSClient(clientConfig).config.region().catch(() => undefined);
}

/**
 * STS clients of the AWS SDK: one per region. Uses the bot's own region if it is in the role's partition: its sessions
 * are valid everywhere in the partition, while STS in an opt-in region may not know the bot's keys.
 */
export function createStsClients({ clientConfig }: Connections): Sts {
  const own = createOwnCredentials();
  const clients = new Map<string, STSClient>();
  const clientOf = (region: string) => {
    const client =
      clients.get(region) ?? new STSClient({ ...clientConfig, region, credentials: own.provider });
    clients.set(region, client);
    return client;
  };
  return {
    async regionFor(roleArn, queueRegion) {
      const region = await ownRegion({ clientConfig });
      const [, partition = ''] = roleArn.split(':');
      return region !== undefined && isRegionOf(partition, region) ? region : queueRegion;
    },
    async ask(input, region, abortSignal) {
      const client = clientOf(region);
      const ask = async () => (await client.send(new AssumeRoleCommand(input), { abortSignal })).Credentials;
      const keys = await client.config.credentials();
      try {
        return await ask();
      } catch (error) {
        if (!areKeysRefused(error)) throw error;
        if (isSame(await client.config.credentials(), keys)) own.forget();
        // The credentials may have been renewed meanwhile: a new sign-in needs no restart.
        if (isSame(await client.config.credentials(), keys)) throw error;
        return ask();
      }
    },
  };
}

function areKeysRefused(error: unknown): boolean {
  return areCredentialsRefused(
    awsErrorFrom(error, { service: 'STS', action: 'sts:AssumeRole', roleArn: '' }),
  );
}

function isSame(one: Keys, other: Keys): boolean {
  return one.accessKeyId === other.accessKeyId && one.sessionToken === other.sessionToken;
}

export function roleSessions(connections: Connections, timeouts: Timeouts, clock: () => number): Sessions {
  const withTimeLimit = connections.withTimeLimit(timeouts.assumeRole);
  return createSessions(createAssumeRole(createStsClients(connections), withTimeLimit), clock);
}
