/**
 * The variables whose values must never reach a log, ours and the AWS SDK's. Every secret of environment.ts is among them;
 * they are apart, since the functions on Lambda read none of the others.
 */
export const secretVariables = [
  'SLACK_BOT_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_APP_TOKEN',
  'SLACK_APP_CONFIG_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
] as const;

/** The secrets that are set, for the log to hide. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return secretVariables.flatMap((name) => env[name] || []);
}
