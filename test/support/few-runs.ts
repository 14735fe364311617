import fc from 'fast-check';

/** A property that is tried for each of thousands of changes need not be tried a hundred times for each. */
fc.configureGlobal({ numRuns: 20, endOnFailure: true });
