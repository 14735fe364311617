import { AssumeRoleCommand, type Credentials, STSClient } from '@aws-sdk/client-sts';
import type { Outcome } from '../domain/problem.ts';
import type { Role } from '../domain/queue.ts';
import type { Connections } from './connections.ts';
import { problemFrom } from './problem-from.ts';
import { unlessAborted } from './timeouts.ts';

/** Keys that act as a role for a while. */
export type Session = {
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** Epoch milliseconds. */
  expiresAt: number;
};

/** Asks STS in the given region, which need not be the only one where the session then serves. */
export type AssumeRole = (role: Role, region: string) => Promise<Outcome<Session>>;

const sessionName = 'dlq-tasks';

export function createAssumeRole(connections: Connections, timeoutMs: number): AssumeRole {
  const clients = new Map<string, STSClient>();
  const clientFor = (region: string) => {
    const client = clients.get(region) ?? new STSClient({ ...connections.clientConfig, region });
    clients.set(region, client);
    return client;
  };
  return async (role, region) => {
    const attempt = { service: 'STS', action: 'sts:AssumeRole', roleArn: role.arn } as const;
    const abortSignal = connections.patience(timeoutMs);
    const command = new AssumeRoleCommand({
      RoleArn: role.arn,
      RoleSessionName: sessionName,
      ...(role.externalId !== undefined && { ExternalId: role.externalId }),
    });
    try {
      const answer = await unlessAborted(clientFor(region).send(command, { abortSignal }), abortSignal);
      const session = sessionOf(answer.Credentials);
      if (session) return { ok: true, value: session };
      return { ok: false, problem: problemFrom({ name: 'NoCredentialsInAnswer' }, attempt) };
    } catch (error) {
      return { ok: false, problem: problemFrom(error, attempt) };
    }
  };
}

function sessionOf(keys: Credentials | undefined): Session | undefined {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = keys ?? {};
  const expiresAt = Expiration?.getTime();
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !expiresAt) return undefined;
  return {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    },
    expiresAt,
  };
}
