/** The variables whose values must never reach a log: our secrets and the AWS SDK's. */
export const secretVariables = [
  'SLACK_BOT_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_APP_TOKEN',
  'SLACK_APP_CONFIG_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
] as const;

export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return secretVariables.flatMap((name) => env[name] || []);
}
