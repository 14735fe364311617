/** Lambda ends an execution that has made this many durable operations. */
const operationsAtMost = 3_000;
/**
 * A run that has made nearly as many hands over to a new one, so that neither a long task nor a Slack that is down for a
 * day can use them up. The rest is for what one tick may still deliver.
 */
export const usuallyHandOverAfter = operationsAtMost - 500;
