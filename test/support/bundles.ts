import { fileURLToPath } from 'node:url';

const cache = new URL('../../node_modules/.cache/dlq-tasks/', import.meta.url);

export const bundlesFolder = fileURLToPath(new URL('tests', cache));

/** What `bundle-processes.ts` has bundled. */
export const bundleAt = (name: string) => fileURLToPath(new URL(`tests/${name}.mjs`, cache));

/** For processes that run a bundle: what Node has compiled once is not compiled again. */
export const compileCache = { NODE_COMPILE_CACHE: fileURLToPath(new URL('compiled', cache)) };
