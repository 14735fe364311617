import { existsSync } from 'node:fs';
import { keepCompiled } from './keep-compiled.js';

/** Runs the source in a checkout, and the compiled code in an installed package, which has no source. */
export async function run(entry) {
  const source = new URL(`../src/entry/${entry}.ts`, import.meta.url);
  if (existsSync(source)) {
    keepCompiled();
    await import(source.href);
  } else {
    await import(`../dist/src/entry/${entry}.js`);
  }
}
