import { isNewEnough } from './new-enough.js';

if (isNewEnough('npm run demo')) {
  try {
    await import('../src/entry/demo.ts');
  } catch (error) {
    const [, name] = /^Cannot find package '([^']+)'/.exec(error.message) || [];
    if (!name) throw error;
    process.stderr.write(
      `The demo needs the development packages, but ${name} isn't installed. Type: npm ci --include=dev && npm run demo\n`,
    );
    process.exitCode = 1;
  }
}
