import { isNewEnough } from './new-enough.js';

if (isNewEnough('npm start')) {
  const { keepCompiled } = await import('./keep-compiled.js');
  keepCompiled();
  await import('../src/entry/server.ts');
}
