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

/** Requests name a queue by ARN, URL, name or within a task handle; some name none. */
export function placeAsked(
  params: Record<string, unknown>,
  { accountId, region }: Omit<QueuePlace, 'name'>,
): QueuePlace {
  const { QueueUrl, QueueName, TaskHandle } = params;
  const named = params['SourceArn'] ?? queueOfHandle(TaskHandle);
  if (typeof named === 'string' && /^arn:[^:]+:sqs:[^:]+:[^:]+:.+/.test(named)) return placeOf(named);
  const [, account, name] = /\/(\d{12})\/([^/]+)$/.exec(String(QueueUrl ?? '')) ?? [];
  if (account && name) return { accountId: account, region, name };
  return { accountId, region, name: String(QueueName ?? '*') };
}

/** undefined for anything else. */
function queueOfHandle(handle: unknown): unknown {
  try {
    const { sourceArn } = JSON.parse(Buffer.from(String(handle), 'base64').toString('utf8'));
    return sourceArn;
  } catch {
    return undefined;
  }
}
