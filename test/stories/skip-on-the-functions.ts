import { beforeEach } from 'vitest';
import { whyOnlyInOneProcess } from './only-in-one-process.ts';

beforeEach(({ task, skip }) => {
  const why = whyOnlyInOneProcess(task.name);
  if (why !== undefined) skip(why);
});
