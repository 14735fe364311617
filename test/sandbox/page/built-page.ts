import { buildPage } from '../../../sandbox/page/build-page.ts';

/** Built once for all files that share a process. */
export const builtPage = buildPage();
