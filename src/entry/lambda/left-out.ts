/**
 * In the bundle this takes the place of what libraries can load and Lambda never uses: Bolt's Express,
 * OAuth and Socket Mode, pino's worker threads.
 */
export const leftOut = true;
