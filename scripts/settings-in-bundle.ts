import { existsSync, readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { describeFaults } from '../src/config/fault.ts';
import { parseSettings } from '../src/config/parse-settings.ts';

/**
 * Bundles the checked settings. With faults it throws; without a file, the functions report that when they
 * are called.
 */
export function settingsInBundle(path: string): Plugin {
  const settings = existsSync(path) ? settingsIn(path) : undefined;
  const missing = { path: '', message: 'was missing when this was packaged; create it and deploy again' };
  const content = settings ?? { faults: describeFaults(path, [missing]) };
  const contents = `export const settingsAsDeployed = async () => (${JSON.stringify(content)});`;
  const text = `there is no ${path}: the bundles contain no settings, so the functions won't work`;
  return {
    name: 'settings in the bundle',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]src[\\/]entry[\\/]lambda[\\/]deployed-settings\.ts$/ }, () => ({
        contents,
        ...(!settings && { warnings: [{ text }] }),
      }));
    },
  };
}

function settingsIn(path: string) {
  const parsed = parseSettings(readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new Error(`Not packaged:\n${describeFaults(path, parsed.faults)}`);
  return parsed.settings;
}
