import type { RedriveRules } from './actions/redrive-settings.ts';
import type { Role } from './role.ts';

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
