import { randomBytes, randomInt } from 'node:crypto';

export type LocalSession = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** Epoch milliseconds. */
  expiresAt: number;
  roleArn: string;
  sessionName: string;
  sourceIdentity?: string | undefined;
};

export type SessionAsked = {
  roleArn: string;
  sessionName: string;
  sourceIdentity?: string | undefined;
  seconds: number;
};

export type LocalSessions = ReturnType<typeof createLocalSessions>;

/** The keys that the local STS has issued. */
export function createLocalSessions(clock: () => number) {
  const sessions = new Map<string, LocalSession>();
  return {
    issue({ seconds, ...asked }: SessionAsked): LocalSession {
      const session = {
        accessKeyId: `ASIA${fromAlphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: `IQoJb3JpZ2luX2Vj${randomBytes(96).toString('base64')}`,
        expiresAt: clock() + seconds * 1000,
        ...asked,
      };
      sessions.set(session.accessKeyId, session);
      return session;
    },
    find: (accessKeyId: string) => sessions.get(accessKeyId),
    isOver: ({ expiresAt }: LocalSession) => clock() >= expiresAt,
    expire(session: LocalSession) {
      session.expiresAt = 0;
    },
    expireAll() {
      for (const session of sessions.values()) session.expiresAt = 0;
    },
  };
}

function fromAlphabet(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** `arn:aws:sts::111122223333:assumed-role/dlq-tasks-status/dlq-tasks` */
export function userArnOf({ roleArn, sessionName }: LocalSession): string {
  const [, partition, , , accountId, path = ''] = roleArn.split(':');
  return `arn:${partition}:sts::${accountId}:assumed-role/${path.split('/').at(-1)}/${sessionName}`;
}

/** The caller as CloudTrail records it. */
export function identityOf(session: LocalSession): Record<string, unknown> {
  const { roleArn, sessionName, sourceIdentity, accessKeyId } = session;
  const accountId = roleArn.split(':')[4];
  return {
    type: 'AssumedRole',
    principalId: `AROALOCALSANDBOX:${sessionName}`,
    arn: userArnOf(session),
    accountId,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROALOCALSANDBOX',
        arn: roleArn,
        accountId,
        userName: roleArn.split('/').at(-1),
      },
      attributes: { mfaAuthenticated: 'false' },
      ...(sourceIdentity && { sourceIdentity }),
    },
  };
}
