import { describeFaults } from '../src/config/fault.ts';
import { loadSettings } from '../src/config/parse-settings.ts';

/** Runs before a deployment: settings with faults are not deployed. */
const path = 'dlq-tasks.yml';
const settings = await loadSettings(path);
if (!settings.ok) {
  process.stderr.write(`Not deployed:\n${describeFaults(path, settings.faults)}\n`);
  process.exit(1);
}
