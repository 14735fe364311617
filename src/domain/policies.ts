import type { Queue } from './queue.ts';
import type { Role } from './settings.ts';

type Statement = {
  Effect: 'Allow';
  Principal?: { AWS: string };
  Action: string | string[];
  Resource?: string | string[];
  Condition?: { StringEquals: { 'sts:ExternalId': string } };
};

/**
 * EKS Pod Identity sessions pass tags on to every role that is assumed from them, and other sessions a source identity:
 * AssumeRole then fails unless these actions are allowed, too. The bot itself sets a source identity when it starts or
 * cancels a redrive, so that CloudTrail names the person. By themselves they grant nothing.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
const carriedOn = ['sts:TagSession', 'sts:SetSourceIdentity'];

export type Policy = { Version: '2012-10-17'; Statement: Statement[] };

function allow(...statements: Omit<Statement, 'Effect'>[]): Policy {
  return {
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  };
}

function allQueuesOf({ partition, accountId }: Queue): string {
  return `arn:${partition}:sqs:*:${accountId}:*`;
}

/** What cards need to show how many messages are in the source queues, whose names only AWS knows. */
export function sourceDepthPolicy(queue: Queue): Policy {
  return allow({ Action: 'sqs:GetQueueAttributes', Resource: allQueuesOf(queue) });
}

/** What `dlq-tasks discover` needs in addition, and the doctor to count DLQs that are not in the settings. */
export function discoveryPolicy(queue: Queue): Policy {
  // ListQueues does not support resources.
  const listed = { Action: 'sqs:ListQueues', Resource: '*' };
  return allow(listed, { Action: 'sqs:GetQueueAttributes', Resource: allQueuesOf(queue) });
}

/** Lets the bot assume the role. Only AssumeRole supports the external id. */
export function trustPolicy({ externalId }: Role, principal: string): Policy {
  const Principal = { AWS: principal };
  const hasId = externalId !== undefined && {
    Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  };
  return allow({ Principal, Action: 'sts:AssumeRole', ...hasId }, { Principal, Action: carriedOn });
}

/** The last one is for the source queue's depth on cards, and for the doctor to prove that a queue is a DLQ. */
const actions = ['sqs:ListMessageMoveTasks', 'sqs:GetQueueAttributes', 'sqs:ListDeadLetterSourceQueues'];

/** Only needed to say who started an announced redrive. This action does not support resources. */
const whoStarted = { Action: 'cloudtrail:LookupEvents', Resource: '*' };

/** An IAM policy has at most 6,144 characters, not counting white space. */
const longestPolicy = 6_000;

type Queues = readonly [Queue, ...Queue[]];

/** The listed queues, or all queues of their account if the list gets too long. `besides`: how long the rest is. */
function resourceOf(queues: Queues, ofAllQueues: boolean, besides: number): string | string[] {
  const named = queues.map(({ arn }) => arn);
  const isShort = JSON.stringify(named).length <= longestPolicy - besides;
  return !ofAllQueues && isShort ? named : allQueuesOf(queues[0]);
}

/** What the role may do. */
export function permissionsPolicy(queues: Queues, ofAllQueues: boolean): Policy {
  const asking = { Action: actions, Resource: resourceOf(queues, ofAllQueues, 165) };
  const isAsked = queues.some(({ notify }) => notify !== undefined);
  return allow(asking, ...(isAsked ? [whoStarted] : []));
}

export function botPolicy(roles: readonly Role[]): Policy {
  return allow({ Action: ['sts:AssumeRole', ...carriedOn], Resource: roles.map(({ arn }) => arn) });
}

const moving = [
  'sqs:StartMessageMoveTask',
  'sqs:CancelMessageMoveTask',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
];

/**
 * Starts and cancels on the dead-letter queues, and sends to their possible destinations: those in the settings, and the
 * source queues, whose names only AWS knows. Encryption keys are not known here.
 */
export function redrivePermissionsPolicy(queues: Queues, ofAllQueues: boolean): Policy {
  return allow(
    { Action: moving, Resource: resourceOf(queues, ofAllQueues, 500) },
    { Action: 'sqs:SendMessage', Resource: allQueuesOf(queues[0]) },
  );
}

/**
 * The principal for a trust policy, from the caller's ARN; undefined if there is no permanent one.
 * The ARN of a session does not contain the path of its role.
 */
export function principalOf(callerArn: string): string | undefined {
  const session = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/.exec(callerArn);
  if (session) return `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
  return isPrincipal(callerArn) ? callerArn : undefined;
}

export function isPrincipal(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::\d{12}:(?:root|(?:role|user)\/[\w+=,.@/-]+)$/.test(arn);
}
