/** Where a queue is. One emulator plays each account and region. */
export type QueuePlace = { accountId: string; region: string; name: string };

export function placeOf(queueArn: string): QueuePlace {
  const [, , service, region, accountId, name] = queueArn.split(':');
  if (service !== 'sqs' || !region || !accountId || !name) throw new Error(`Not a queue's ARN: ${queueArn}`);
  return { accountId, region, name };
}

export function arnOf({ accountId, region, name }: QueuePlace): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

/** Account of `arn:aws:iam::111122223333:role/name`. */
export function accountOfRole(roleArn: string): string {
  return roleArn.split(':')[4] ?? '';
}
