import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Outcome } from '../domain/aws-error.ts';
import { aheadBy } from '../domain/doctor/machine-checks.ts';
import type { Dated } from '../operations/doctor/ports.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import type { Connections } from './connections.ts';
import { createOwnCredentials } from './own-credentials.ts';
import type { WithTimeLimit } from './time-limit.ts';

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
    const found = await identityFrom(sts, region, connections.withTimeLimit(timeoutMs));
    return { found, ...(aheadMs !== undefined && { aheadMs }) };
  };
}

async function identityFrom(
  sts: STSClient,
  region: string,
  withTimeLimit: WithTimeLimit,
): Promise<Outcome<{ arn: string }>> {
  const attempt = { service: 'STS', action: 'sts:GetCallerIdentity', roleArn: '', region } as const;
  try {
    const ask = (abortSignal: AbortSignal) => sts.send(new GetCallerIdentityCommand({}), { abortSignal });
    const { Arn } = await withTimeLimit(ask);
    if (Arn) return { ok: true, value: { arn: Arn } };
    return { ok: false, awsError: awsErrorFrom({ name: 'NoArnInAnswer' }, attempt) };
  } catch (error) {
    return { ok: false, awsError: awsErrorFrom(error, attempt) };
  }
}
