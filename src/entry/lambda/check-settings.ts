import { describeFaults } from '../../config/fault.ts';
import { loadSettings } from '../../config/load-settings.ts';

/** Before a deployment: settings that the worker would refuse are not worth deploying. */
const path = 'dlq-tasks.yml';
const settings = await loadSettings(path);
if (!settings.ok) {
  process.stderr.write(`Not deployed:\n${describeFaults(path, settings.faults)}\n`);
  process.exit(1);
}
