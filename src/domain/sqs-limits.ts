/** SQS lists at most this many of a queue's tasks. */
export const tasksListedAtMost = 10;

/** The messages per second that SQS accepts. */
export const customRates = { lowest: 1, highest: 500 };

/** SQS stops every task after this many milliseconds. */
export const longestTaskMs = 36 * 3_600_000;
