import fc from 'fast-check';

/** A property that is tested for thousands of changes needs fewer than a hundred runs for each. */
fc.configureGlobal({ numRuns: 20, endOnFailure: true });
