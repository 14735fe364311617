/** The IAM role that is assumed for a queue. It is in the queue's account: SQS rejects roles from other accounts. */
export type Role = { arn: string; externalId?: string };
