import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import type { Outcome } from '../domain/aws-error.ts';
import { aheadBy } from '../domain/doctor/machine-checks.ts';
import { isRegionOf } from '../domain/queue.ts';
import type { Role } from '../domain/settings.ts';
import type { Dated } from '../operations/doctor/ports.ts';
import { type Attempt, areCredentialsRefused, awsErrorFrom } from './aws-error-from.ts';
import type { Connections } from './connections.ts';
import { createOwnCredentials, type Keys } from './own-credentials.ts';

export type Session = {
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** Epoch milliseconds. */
  expiresAt: number;
};

/** On whose behalf a role is assumed, for CloudTrail. */
type InTheNameOf = Pick<AssumeRoleCommandInput, 'RoleSessionName' | 'SourceIdentity' | 'DurationSeconds'>;
const itself: InTheNameOf = { RoleSessionName: 'dlq-tasks' };

/** `region`: the queue's. The session is valid in every region of the partition. */
export type AssumeRole = (role: Role, region: string, inTheNameOf?: InTheNameOf) => Promise<Outcome<Session>>;

export function createAssumeRole(connections: Connections, timeoutMs: number): AssumeRole {
  const ask = asking(connections);
  const withTimeLimit = connections.withTimeLimit(timeoutMs);
  return async (role, queueRegion, inTheNameOf = itself) => {
    const region = await regionFor(role, queueRegion, connections);
    const attempt = { service: 'STS', action: 'sts:AssumeRole', roleArn: role.arn, region } as const;
    const externalId = role.externalId === undefined ? {} : { ExternalId: role.externalId };
    const input = { RoleArn: role.arn, ...inTheNameOf, ...externalId };
    const session = withTimeLimit((abortSignal) => ask(input, region, abortSignal));
    return outcomeOf(session, { attempt, nothing: 'NoCredentialsInAnswer' });
  };
}

export function ownRegion({ clientConfig }: Connections): Promise<string | undefined> {
  return new STSClient(clientConfig).config.region().catch(() => undefined);
}

/**
 * The bot's own region if it is in the role's partition: its sessions are valid everywhere in the partition, while STS
 * in an opt-in region may not know the bot's keys.
 */
async function regionFor({ arn }: Role, queueRegion: string, connections: Connections): Promise<string> {
  const region = await ownRegion(connections);
  const [, partition = ''] = arn.split(':');
  return region !== undefined && isRegionOf(partition, region) ? region : queueRegion;
}

/** Asks STS with one client per region. */
function asking({ clientConfig }: Connections) {
  const own = createOwnCredentials();
  const clients = new Map<string, STSClient>();
  const clientOf = (region: string) => {
    const client =
      clients.get(region) ?? new STSClient({ ...clientConfig, region, credentials: own.provider });
    clients.set(region, client);
    return client;
  };
  return async (input: AssumeRoleCommandInput, region: string, abortSignal: AbortSignal) => {
    const client = clientOf(region);
    const ask = async () => sessionOf(await client.send(new AssumeRoleCommand(input), { abortSignal }));
    const keys = await client.config.credentials();
    try {
      return await ask();
    } catch (error) {
      const attempt = { service: 'STS', action: 'sts:AssumeRole', roleArn: '' } as const;
      if (!areCredentialsRefused(awsErrorFrom(error, attempt))) throw error;
      if (isSame(await client.config.credentials(), keys)) own.forget();
      // The credentials may have been renewed meanwhile: a new sign-in needs no restart.
      if (isSame(await client.config.credentials(), keys)) throw error;
      return ask();
    }
  };
}

function isSame(one: Keys, other: Keys): boolean {
  return one.accessKeyId === other.accessKeyId && one.sessionToken === other.sessionToken;
}

function sessionOf({ Credentials }: AssumeRoleCommandOutput): Session | undefined {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  const expiresAt = Expiration?.getTime();
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !expiresAt) return undefined;
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    expiresAt,
  };
}

/** The identity of the bot's own credentials, and AWS's time, which a rejection contains, too. */
export function createCallerIdentity(
  connections: Connections,
  { timeoutMs, clock }: { timeoutMs: number; clock: () => number },
) {
  return async (region: string): Promise<Dated<Outcome<{ arn: string }>>> => {
    const sts = new STSClient({
      ...connections.clientConfig,
      region,
      credentials: createOwnCredentials().provider,
    });
    let aheadMs: number | undefined;
    sts.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        aheadMs = aheadBy(Object(Object(answer.response).headers).date, clock());
        return answer;
      },
      // Before the SDK turns a rejection into an exception.
      { step: 'deserialize', priority: 'low' },
    );
    const attempt = { service: 'STS', action: 'sts:GetCallerIdentity', roleArn: '', region } as const;
    const identity = connections.withTimeLimit(timeoutMs)(async (abortSignal) => {
      const { Arn } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal });
      return Arn ? { arn: Arn } : undefined;
    });
    const found = await outcomeOf(identity, { attempt, nothing: 'NoArnInAnswer' });
    return { found, ...(aheadMs !== undefined && { aheadMs }) };
  };
}

/** `nothing`: the code for an answer that lacks what was asked. */
async function outcomeOf<T>(
  asked: Promise<T | undefined>,
  { attempt, nothing }: { attempt: Attempt; nothing: string },
): Promise<Outcome<T>> {
  try {
    const value = await asked;
    if (value !== undefined) return { ok: true, value };
    return { ok: false, awsError: awsErrorFrom({ name: nothing }, attempt) };
  } catch (error) {
    return { ok: false, awsError: awsErrorFrom(error, attempt) };
  }
}
