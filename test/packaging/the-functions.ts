import type { TestProject } from 'vitest/node';
import { packageInAClone } from './package-in-a-clone.ts';
import { readyForSettings } from './with-settings.ts';

/** Each story has others. */
const settings = `accounts:
  prod:
    id: "111122223333"
    roleArn: arn:aws:iam::111122223333:role/dlq-tasks-status
queues:
  payments-dlq: arn:aws:sqs:eu-west-1:111122223333:payments-dlq
`;

/** Packages the functions once, for all stories that are told of them. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const packaged = await packageInAClone(settings, { redriveRoleName: 'dlq-tasks-redrive' });
  const { template, unpacked } = packaged;
  const folders = {
    front: await unpacked('front'),
    worker: await unpacked('worker'),
    watch: await unpacked('watch'),
    follow: await unpacked('follow'),
    action: await unpacked('action'),
  };
  await readyForSettings(folders);
  provide('functions', { template, folders });
  return () => packaged[Symbol.asyncDispose]();
}
