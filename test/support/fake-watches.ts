import type { Watches } from '../../src/operations/watching/watches.ts';

/** The watches that a use case reads; any other call fails. */
export function fakeWatches(given: Partial<Watches>): Watches {
  const unexpected = () => Promise.reject(new Error('nobody was to ask for that'));
  return {
    watch: unexpected,
    unwatch: unexpected,
    list: unexpected,
    ofCard: unexpected,
    observed: unexpected,
    ...given,
  };
}
