import type { Settings } from '../config/parse-settings.ts';
import { parseSlackApiUrl } from '../config/slack-api-url.ts';
import { settingsAsDeployed } from './lambda-settings.ts';

/** The settings that were deployed with the function. */
export async function deployedSettings(): Promise<Settings> {
  const settings = await settingsAsDeployed();
  if ('faults' in settings) throw new Error(`The settings have faults:\n${settings.faults}`);
  return settings;
}

export function slackApi(env: Readonly<Record<string, string | undefined>>): string {
  const api = parseSlackApiUrl(env['SLACK_API_URL'] || 'https://slack.com/api/');
  if (!api.ok) throw new Error(`SLACK_API_URL ${api.message}`);
  return api.url;
}
