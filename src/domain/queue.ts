import type { RedriveRules, Role } from './settings.ts';

/** The parts of an SQS ARN, `arn:<partition>:sqs:<region>:<account>:<name>`. */
export type QueueArn = { partition: string; region: string; accountId: string; name: string };

/** An AWS account as the settings name it; people see the label. */
export type Account = { label: string; id: string };

/** A dead-letter queue in the settings. Of other queues, AWS is only asked how many messages its source queue holds. */
export type Queue = QueueArn & {
  /** Its key in the settings: what people can type besides the name, the ARN and the URL. */
  alias: string;
  arn: string;
  account: Account;
  role: Role;
  runbook?: string;
  /** Ids of the only Slack channels that may see it; empty: every channel. */
  channels: readonly string[];
  /** Id of the Slack channel that follows it: every new task is announced there. */
  notify?: string;
  /** What people may do with it. Absent: nothing. */
  redrive?: RedriveRules;
  /** Why it has none even though the settings have `redrive`: its own `redrive: off`, or no role to use. */
  noRedrive?: 'off' | 'no-role';
};

export function offersRedrives(queues: readonly Queue[]): boolean {
  return queues.some(({ redrive }) => redrive !== undefined);
}

/** Whether a list of channels has this one; an empty list has all. */
export function allows(channels: readonly string[], channel: string): boolean {
  return channels.length === 0 || channels.includes(channel);
}

export function mayBeSeenIn(queue: Queue, channel: string): boolean {
  return allows(queue.channels, channel);
}

/** A queue that is not in the settings, built from its ARN. It has no role, so AWS is never asked about it. */
export function unlistedQueue(arn: string): Queue {
  const [, partition = 'aws', , region = '', accountId = '', name = arn] = arn.split(':');
  const account = { label: accountId, id: accountId };
  return { partition, region, accountId, name, alias: name, arn, account, role: { arn: '' }, channels: [] };
}

const arnPattern =
  /^arn:(aws[a-z-]*):sqs:([a-z]{2,}(?:-[a-z]+)+-\d+):(\d{12}):([A-Za-z0-9_-]{1,75}\.fifo|[A-Za-z0-9_-]{1,80})$/;

export function parseQueueArn(text: string): QueueArn | undefined {
  const found = arnPattern.exec(text);
  if (!found) return undefined;
  const [, partition = '', region = '', accountId = '', name = ''] = found;
  return { partition, region, accountId, name };
}

/** The name of the queue in its ARN; whatever else it is, as it is. */
export function nameInArn(arn: string): string {
  return arn.split(':').at(-1) || arn;
}

/** What tells queues of the same name apart. */
export function regionAndAccount({ alias, name, account, region }: Queue): string {
  return [...new Set([...(alias === name ? [] : [alias]), account.label, account.id, region])].join(' · ');
}

/** AWS's partitions, from the endpoint rules of its SDK; `regions` matches the names of their regions. */
const partitions = [
  { name: 'aws', regions: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/, dnsSuffix: 'amazonaws.com' },
  { name: 'aws-cn', regions: /^cn-/, dnsSuffix: 'amazonaws.com.cn' },
  { name: 'aws-eusc', regions: /^eusc-/, dnsSuffix: 'amazonaws.eu' },
  { name: 'aws-iso', regions: /^us-iso-/, dnsSuffix: 'c2s.ic.gov' },
  { name: 'aws-iso-b', regions: /^us-isob-/, dnsSuffix: 'sc2s.sgov.gov' },
  { name: 'aws-iso-e', regions: /^eu-isoe-/, dnsSuffix: 'cloud.adc-e.uk' },
  { name: 'aws-iso-f', regions: /^us-isof-/, dnsSuffix: 'csp.hci.ic.gov' },
  { name: 'aws-us-gov', regions: /^us-gov-/, dnsSuffix: 'amazonaws.com' },
] as const;

/** The partition of a region; undefined if the region is newer than this list. */
export function partitionOfRegion(region: string): string | undefined {
  return partitions.find(({ regions }) => regions.test(region))?.name;
}

/**
 * Whether a region can be in a partition. Both may be newer than the list: a region is rejected only if it is known to be
 * in another partition, or if the partition is known, is not `aws`, and its regions are named differently.
 */
export function isRegionOf(partition: string, region: string): boolean {
  const known = partitionOfRegion(region);
  if (known !== undefined) return known === partition;
  return partition === 'aws' || partitions.every(({ name }) => name !== partition);
}

export function dnsSuffixOf(partition: string): string {
  return partitions.find(({ name }) => name === partition)?.dnsSuffix ?? 'amazonaws.com';
}

export function dnsSuffixOfRegion(region: string): string {
  return dnsSuffixOf(partitionOfRegion(region) ?? 'aws');
}

/** The queue's URL at AWS. It only names the queue: requests go to SQS's endpoint. */
export function queueUrl({ partition, region, accountId, name }: QueueArn): string {
  return `https://sqs.${region}.${dnsSuffixOf(partition)}/${accountId}/${name}`;
}

/** What follows `https://`. The consoles of the isolated partitions are not on the Internet. */
const consoles: Record<string, (region: string) => string> = {
  aws: (region) => `${region}.console.aws.amazon.com`,
  'aws-cn': () => 'console.amazonaws.cn',
  'aws-eusc': (region) => `${region}.console.amazonaws-eusc.eu`,
  'aws-us-gov': () => 'console.amazonaws-us-gov.com',
};

/** The queue's page in the AWS console; undefined for partitions without a public console. */
export function consoleLink(queue: QueueArn): string | undefined {
  const { partition, region } = queue;
  const console = consoles[partition]?.(region);
  if (console === undefined) return undefined;
  return `https://${console}/sqs/v3/home?region=${region}#/queues/${encodeURIComponent(queueUrl(queue))}`;
}
