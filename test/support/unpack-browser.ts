import { isPackagedFor, unpackChromium } from './chromium-package.ts';

/** Before all tests, and before several of them could begin to unpack at once. Costs seconds once, then nothing. */
export async function setup(): Promise<void> {
  if (isPackagedFor) await unpackChromium();
}
