import { describeFaults } from '../config/fault.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/parse-settings.ts';
import { parseSlackApiUrl } from '../config/slack-api-url.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The settings that were deployed with the function, read once. */
export function deployedSettings(env: Env): () => Promise<Settings> {
  let reading: Promise<Settings> | undefined;
  return () => {
    reading ??= read(env['DLQ_TASKS_CONFIG'] || './dlq-tasks.yml');
    return reading;
  };
}

async function read(path: string): Promise<Settings> {
  const loaded = await loadSettings(path);
  if (loaded.ok) return loaded.settings;
  throw new Error(`The settings have faults:\n${describeFaults(path, loaded.faults)}`);
}

export function slackApi(env: Env): string {
  const api = parseSlackApiUrl(env['SLACK_API_URL'] || 'https://slack.com/api/');
  if (!api.ok) throw new Error(`SLACK_API_URL ${api.message}`);
  return api.url;
}
