import type { Outcome } from '../domain/aws-error.ts';
import type { Role } from '../domain/role.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import type { Patience } from './patience.ts';

/** Keys that act as a role for a while. */
export type Session = {
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** Epoch milliseconds. */
  expiresAt: number;
};

/** `region`: of the queue. The session serves in every region of the partition. */
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
  /** Where the role is assumed, for a queue in this region. */
  regionFor(roleArn: string, queueRegion: string): Promise<string>;
  /** AssumeRole as it is sent. Rejects with what `problemFrom` reads. */
  ask(input: AssumeRoleInput, region: string, abortSignal: AbortSignal): Promise<Keys | undefined>;
};

const sessionName = 'dlq-tasks';

/** In whose name a role is assumed, for CloudTrail. Absent: in the bot's own. */
export type InTheNameOf = Pick<AssumeRoleInput, 'RoleSessionName' | 'SourceIdentity' | 'DurationSeconds'>;

export function createAssumeRole(sts: Sts, patience: Patience, name?: InTheNameOf): AssumeRole {
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
      const session = sessionOf(await patience((abortSignal) => sts.ask(input, region, abortSignal)));
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
