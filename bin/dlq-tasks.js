#!/usr/bin/env node
import { isNewEnough } from './new-enough.js';

if (isNewEnough('npx dlq-tasks')) {
  const { run } = await import('./run.js');
  await run('cli');
}
