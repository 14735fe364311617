/**
 * In the bundle this takes the place of what libraries can load and Lambda never uses: Bolt's Express,
 * OAuth and Socket Mode, the durable SDK's own client of Lambda.
 */
export const leftOut = true;
