/**
 * In the bundles, this replaces what libraries can load but Lambda never uses: Bolt's Express, OAuth and Socket Mode, and
 * pino's worker threads.
 */
export const leftOut = true;
