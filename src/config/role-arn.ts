const pattern = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,64}$/;

export function parseRoleArn(text: string): { partition: string; accountId: string } | undefined {
  const [, partition, accountId] = pattern.exec(text) ?? [];
  return partition && accountId ? { partition, accountId } : undefined;
}
