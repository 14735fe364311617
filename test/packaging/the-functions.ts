import type { TestProject } from 'vitest/node';
import { actingSettings } from './acting-stage.ts';
import { packageInAClone } from './package-in-a-clone.ts';

/** Packages the functions once, for all stories that are told of them. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const packaged = await packageInAClone(actingSettings, { redriveRoleName: 'dlq-tasks-redrive' });
  const { template, unpacked } = packaged;
  const folders = {
    front: await unpacked('front'),
    worker: await unpacked('worker'),
    watch: await unpacked('watch'),
    follow: await unpacked('follow'),
    action: await unpacked('action'),
  };
  provide('functions', { template, folders });
  return () => packaged[Symbol.asyncDispose]();
}
