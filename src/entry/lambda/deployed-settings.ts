import { settingsPath } from '../../config/environment.ts';
import { describeFaults } from '../../config/fault.ts';
import { loadSettings, type Settings } from '../../config/parse-settings.ts';

/**
 * The settings that this version was deployed with, or what is wrong with them. In a bundle, the settings replace this
 * module (scripts/settings-in-bundle.ts), so that a cold start reads and checks no file.
 */
export const settingsAsDeployed: () => Promise<Settings | { faults: string }> = async () => {
  const path = settingsPath(process.env);
  const loaded = await loadSettings(path);
  return loaded.ok ? loaded.settings : { faults: describeFaults(path, loaded.faults) };
};
