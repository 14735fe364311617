import { createSignedCall, type SignedCall } from '../aws/signed-call.ts';
import { variable } from './lambda-variables.ts';

/** AWS as the function's own role; Lambda sets these variables. */
export function awsCall(env: Readonly<Record<string, string | undefined>>): SignedCall {
  const { AWS_SESSION_TOKEN: sessionToken } = env;
  const {
    AWS_ENDPOINT_URL_LAMBDA: lambda,
    AWS_ENDPOINT_URL_SSM: ssm,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
  } = env;
  return createSignedCall({
    region: variable('AWS_REGION', env),
    credentials: {
      accessKeyId: variable('AWS_ACCESS_KEY_ID', env),
      secretAccessKey: variable('AWS_SECRET_ACCESS_KEY', env),
      ...(sessionToken && { sessionToken }),
    },
    endpoints: { ...(lambda && { lambda }), ...(ssm && { ssm }), ...(dynamodb && { dynamodb }) },
  });
}
