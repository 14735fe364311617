import { afterEach, beforeEach, vi } from 'vitest';
import { createMoveTasks } from '../../src/aws/move-tasks.ts';
import type { RoleAccessOptions } from '../../src/aws/role-access.ts';

/** The SDK's own settings, as an operator sets them; none of this machine's AWS configuration is used. */
export function stubAwsEnvironment(endpoints: { sqs: string; sts: string; cloudTrail?: string }): void {
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', endpoints.sqs);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', endpoints.sts);
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDTRAIL', endpoints.cloudTrail);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA00000000000000BOT');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret-of-the-bot');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  for (const name of [
    'AWS_SESSION_TOKEN',
    'AWS_PROFILE',
    'AWS_REGION',
    'AWS_MAX_ATTEMPTS',
    'AWS_RETRY_MODE',
  ]) {
    vi.stubEnv(name, undefined);
  }
}

/** Gives each test its own adapters, and closes them after it. */
export function moveTasksOfEachTest(endpoints: () => { sqs: string; sts: string }) {
  let started: ReturnType<typeof createMoveTasks>[] = [];
  beforeEach(() => stubAwsEnvironment(endpoints()));
  afterEach(() => {
    for (const moveTasks of started) moveTasks.stop();
    started = [];
    vi.unstubAllEnvs();
  });
  return (options: RoleAccessOptions = {}) => {
    const moveTasks = createMoveTasks(options);
    started.push(moveTasks);
    return moveTasks;
  };
}
