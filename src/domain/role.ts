/** The IAM role assumed before a queue is asked about. It lives in the queue's account: SQS refuses others. */
export type Role = { arn: string; externalId?: string };
