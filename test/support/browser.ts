import { existsSync } from 'node:fs';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { describe } from 'vitest';
import { isPackagedFor, packagedChromium } from './chromium-package.ts';

const installed = [
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--font-render-hinting=none',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
];

/** An existing Chrome: from CHROME_PATH, installed, or downloaded by Playwright. */
function installedBrowser(): string | undefined {
  const candidates = [process.env['CHROME_PATH'] ?? '', ...installed, chromium.executablePath()];
  return candidates.find((path) => path !== '' && existsSync(path));
}

/** Opens a headless browser; the caller closes it. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ args, headless: true, ...(await whichBrowser()) });
}

async function whichBrowser(): Promise<LaunchOptions> {
  if (isPackagedFor && !process.env['CHROME_PATH']) {
    const { executablePath, env } = await packagedChromium();
    return { executablePath, env: { ...process.env, ...env } };
  }
  const executablePath = installedBrowser();
  if (executablePath === undefined) throw new Error(howToGetOne);
  return { executablePath };
}

const howToGetOne =
  'There is no Chrome or Chromium here: install one, set CHROME_PATH, or run `npx playwright-core install chromium`.';

const hasBrowser = isPackagedFor || installedBrowser() !== undefined;

/** Tests that need a browser are skipped if there is none, but fail in CI. */
export function describeWithBrowser(name: string, tests: () => void): void {
  if (hasBrowser || process.env['CI'] === 'true') describe(name, tests);
  else describe.skip(`${name} (skipped: ${howToGetOne})`, tests);
}
