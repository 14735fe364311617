import { GetParameterCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { plainError } from './aws-error-from.ts';

/** Reads the value of an encrypted parameter. Rejects if it does not exist or can't be read. */
export function createReadParameter(config: SSMClientConfig) {
  const client = new SSMClient(config);
  return async (name: string): Promise<string> => {
    const asked = client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    const { Parameter } = await asked.catch((error: unknown) => {
      throw plainError('The Parameter Store', error);
    });
    const value = Parameter?.Value?.trim();
    if (!value) throw new Error(`The parameter ${name} is empty.`);
    return value;
  };
}
