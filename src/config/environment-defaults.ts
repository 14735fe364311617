/** What counts where a variable is not set. */
export const environmentDefaults = {
  port: 3000,
  configPath: './dlq-tasks.yml',
  dataFolder: './data',
  slackApiUrl: 'https://slack.com/api/',
  logLevel: 'info',
} as const;
