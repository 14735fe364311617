import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/** The value of an encrypted parameter. Rejects when there is none, or when it cannot be read. */
export type ReadParameter = (name: string) => Promise<string>;

/** Slack waits 3 s in all. */
const timeouts = { connectionTimeout: 700, requestTimeout: 1_000, throwOnRequestTimeout: true };

/** Reads from Systems Manager's Parameter Store. */
export function createReadParameter(): ReadParameter {
  const ssm = new SSMClient({
    maxAttempts: 2,
    requestHandler: { ...timeouts, httpsAgent: { keepAlive: false }, httpAgent: { keepAlive: false } },
  });
  return async (name) => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    if (!Parameter?.Value) throw new Error(`The parameter ${name} is empty.`);
    return Parameter.Value.trim();
  };
}
