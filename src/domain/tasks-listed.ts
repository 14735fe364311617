/** SQS lists no more than this many tasks of a queue. */
export const tasksListedAtMost = 10;
