import { isNewEnough } from './new-enough.js';

if (isNewEnough('npm start')) {
  const { run } = await import('./run.js');
  await run('server');
}
