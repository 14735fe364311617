/** SQS lists no more than this many tasks of a queue. Apart from `move-task.ts`, so that `front` does without zod. */
export const tasksListedAtMost = 10;
