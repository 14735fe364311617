import type { Outcome } from '../domain/aws-error.ts';
import type { Role } from '../domain/role.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import type { WithTimeLimit } from './time-limit.ts';

export type Session = {
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** Epoch milliseconds. */
  expiresAt: number;
};

/** `region`: the queue's. The session is valid in every region of the partition. */
export type AssumeRole = (role: Role, region: string) => Promise<Outcome<Session>>;

type AssumeRoleInput = {
  RoleArn: string;
  RoleSessionName: string;
  ExternalId?: string;
  SourceIdentity?: string;
  /** Seconds. */
  DurationSeconds?: number;
};
type Keys = {
  AccessKeyId?: string | undefined;
  SecretAccessKey?: string | undefined;
  SessionToken?: string | undefined;
  Expiration?: Date | undefined;
};

export type Sts = {
  regionFor(roleArn: string, queueRegion: string): Promise<string>;
  /** Sends AssumeRole. Rejects with what `awsErrorFrom` reads. */
  ask(input: AssumeRoleInput, region: string, abortSignal: AbortSignal): Promise<Keys | undefined>;
};

const sessionName = 'dlq-tasks';

/** On whose behalf a role is assumed, for CloudTrail. Absent: the bot's own. */
export type InTheNameOf = Pick<AssumeRoleInput, 'RoleSessionName' | 'SourceIdentity' | 'DurationSeconds'>;

export function createAssumeRole(sts: Sts, withTimeLimit: WithTimeLimit, name?: InTheNameOf): AssumeRole {
  return async (role, queueRegion) => {
    const region = await sts.regionFor(role.arn, queueRegion);
    const attempt = { service: 'STS', action: 'sts:AssumeRole', roleArn: role.arn, region } as const;
    const input = {
      RoleArn: role.arn,
      RoleSessionName: sessionName,
      ...name,
      ...(role.externalId !== undefined && { ExternalId: role.externalId }),
    };
    try {
      const session = sessionOf(await withTimeLimit((abortSignal) => sts.ask(input, region, abortSignal)));
      if (session) return { ok: true, value: session };
      return { ok: false, awsError: awsErrorFrom({ name: 'NoCredentialsInAnswer' }, attempt) };
    } catch (error) {
      return { ok: false, awsError: awsErrorFrom(error, attempt) };
    }
  };
}

function sessionOf(keys: Keys | undefined): Session | undefined {
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
