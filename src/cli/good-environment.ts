import { type Environment, parseEnvironment } from '../config/environment.ts';
import { environmentDefaults } from '../config/environment-defaults.ts';
import type { Fault } from '../config/fault.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What can be used although something else is wrong. */
type GoodPart = Pick<Environment, 'dataFolder'> &
  Partial<Pick<Environment, 'mode' | 'botToken' | 'slackApiUrl'>>;

/** Stand in for what is missing, so that the rest can be read; they are used for nothing. */
const standIns = { SLACK_BOT_TOKEN: 'xoxb-stand-in', SLACK_SIGNING_SECRET: 'stand-in' };

/** All faults, and the variables that have none. */
export function environmentAsFarAsGood(env: Variables): GoodPart & { faults: Fault[] } {
  const parsed = parseEnvironment(env);
  if (parsed.ok) return { ...parsed.environment, faults: [] };
  const faulty = parsed.faults.map(({ path }) => path);
  const good = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => value !== '' && !faulty.includes(name)),
  );
  const again = parseEnvironment({ ...standIns, ...good });
  const { faults } = parsed;
  if (!again.ok) return { faults, dataFolder: environmentDefaults.dataFolder };
  const { mode, botToken, slackApiUrl, dataFolder } = again.environment;
  const isModeGood = !faulty.includes('SLACK_SIGNING_SECRET') && !faulty.includes('SLACK_APP_TOKEN');
  return {
    faults,
    dataFolder,
    ...(isModeGood && { mode }),
    ...(!faulty.includes('SLACK_BOT_TOKEN') && { botToken }),
    ...(!faulty.includes('SLACK_API_URL') && { slackApiUrl }),
  };
}
