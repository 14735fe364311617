import * as z from 'zod';
import type { StartCall } from '../domain/following/start-call.ts';
import { partitionOfRegion } from '../domain/partitions.ts';
import { parseQueueArn } from '../domain/queue.ts';
import { parseQueueReference } from '../domain/queue-reference.ts';
import { anyCase, starterIn, text, UserIdentity } from './cloudtrail-identity.ts';

/** The fields that are read: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const CloudTrailRecord = anyCase({
  eventSource: text,
  eventName: text,
  eventTime: text,
  awsRegion: text,
  userAgent: text,
  errorCode: z.unknown(),
  userIdentity: UserIdentity,
  requestParameters: anyCase({ sourceArn: text, queueUrl: text }),
  responseElements: anyCase({ taskHandle: text }),
  resources: z.array(anyCase({ ARN: text })).catch([]),
});
type CloudTrailRecord = z.infer<typeof CloudTrailRecord>;

const TaskHandle = anyCase({ sourceArn: text });

/** Reads any CloudTrail record; undefined for other calls and for rejected ones. */
export function startCallIn(given: unknown): StartCall | undefined {
  const record = CloudTrailRecord.parse(given);
  if (record.eventSource !== 'sqs.amazonaws.com' || record.eventName !== 'StartMessageMoveTask')
    return undefined;
  const at = Date.parse(record.eventTime ?? '');
  const queueArn = queueIn(record);
  if (isError(record.errorCode) || queueArn === undefined || Number.isNaN(at)) return undefined;
  const by = starterIn(record.userIdentity, record.userAgent);
  return { queueArn, at, ...(by !== undefined && { by }) };
}

function isError(code: unknown): boolean {
  return typeof code === 'string' ? code.trim() !== '' : code !== undefined && code !== null;
}

/** A record may not have the request, or only the queue's URL. */
function queueIn({ requestParameters, responseElements, resources, awsRegion }: CloudTrailRecord) {
  return (
    queueArn(requestParameters.sourceArn) ??
    arnOfUrl(requestParameters.queueUrl, awsRegion) ??
    queueOfHandle(responseElements.taskHandle) ??
    onlyQueueIn(resources)
  );
}

function queueArn(given: string | undefined): string | undefined {
  return given !== undefined && parseQueueArn(given) ? given : undefined;
}

function arnOfUrl(url: string | undefined, awsRegion: string | undefined): string | undefined {
  const reference = parseQueueReference(url ?? '');
  if (reference?.kind !== 'url') return undefined;
  const region = awsRegion ?? reference.region ?? '';
  const partition = partitionOfRegion(region) ?? 'aws';
  return queueArn(`arn:${partition}:sqs:${region}:${reference.accountId}:${reference.name}`);
}

/** Base64 of JSON. Anyone with a handle can cancel the task: return only the queue, and no error that quotes the handle. */
function queueOfHandle(handle: string | undefined): string | undefined {
  try {
    const contents: unknown = JSON.parse(Buffer.from(handle ?? '', 'base64').toString());
    return queueArn(TaskHandle.parse(contents).sourceArn);
  } catch {
    return undefined;
  }
}

/** A task has a source and often a destination: a single queue is the source. */
function onlyQueueIn(resources: CloudTrailRecord['resources']): string | undefined {
  const queues = resources.flatMap(({ ARN }) => queueArn(ARN) ?? []);
  return queues.length === 1 ? queues[0] : undefined;
}
