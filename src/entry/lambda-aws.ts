import type { MoveTasksOptions } from '../aws/move-tasks.ts';
import { createSignedCall, type SignedCall } from '../aws/signed-call.ts';
import { createSignedMoveTasks } from '../aws/signed-move-tasks.ts';
import { variable } from './lambda-variables.ts';
import { createPlainFetch } from './plain-fetch.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** AWS as the function's own role. */
export function awsCall(env: Env): SignedCall {
  return createSignedCall({ region: variable('AWS_REGION', env), ...ownPlace(env) }, createPlainFetch());
}

/** SQS as the roles of the queues, which the function's own role may assume. */
export function lambdaMoveTasks(env: Env, options: MoveTasksOptions = {}) {
  return createSignedMoveTasks({ ...ownPlace(env), send: createPlainFetch(), ...options });
}

/** Lambda gives every instance of a function its role's credentials; they outlive the instance. */
function ownPlace(env: Env) {
  const { AWS_SESSION_TOKEN: sessionToken } = env;
  const endpoints = (['lambda', 'ssm', 'dynamodb', 'sqs', 'sts'] as const).flatMap((service) => {
    const endpoint = env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`];
    return endpoint ? [[service, endpoint.replace(/\/$/, '')] as const] : [];
  });
  return {
    credentials: {
      accessKeyId: variable('AWS_ACCESS_KEY_ID', env),
      secretAccessKey: variable('AWS_SECRET_ACCESS_KEY', env),
      ...(sessionToken && { sessionToken }),
    },
    endpoints: Object.fromEntries(endpoints),
  };
}
