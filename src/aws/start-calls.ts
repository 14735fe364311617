import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../domain/aws-error.ts';
import type { StartCall } from '../domain/following/start-call.ts';
import type { Queue } from '../domain/queue.ts';
import type { Span, StartCalls } from '../operations/following/ask-who-started.ts';
import { areCredentialsRefused, awsErrorFrom } from './aws-error-from.ts';
import { startCallIn } from './cloudtrail-record.ts';
import type { RoleAccess } from './role-access.ts';
import type { Session } from './sts.ts';

const lookupAction = 'cloudtrail:LookupEvents';

/** CloudTrail allows two lookups per second, account and region. */
const betweenPagesMs = 600;
const pagesAtMost = 5;

/** Reads CloudTrail's event history, which every account has, with the AWS SDK. */
export function createStartCalls({ connections, sessions, timeouts }: RoleAccess): StartCalls {
  const withTimeLimit = connections.withTimeLimit(timeouts.call);

  async function calls(
    { credentials }: Session,
    { region }: Queue,
    { from, to }: Span,
    abortSignal: AbortSignal,
  ): Promise<StartCall[]> {
    // Loaded lazily: most bots never need it.
    const { CloudTrailClient, LookupEventsCommand } = await import('@aws-sdk/client-cloudtrail');
    const client = new CloudTrailClient({ ...connections.clientConfig, region, credentials });
    const asked = {
      LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: 'StartMessageMoveTask' }],
      StartTime: new Date(from),
      EndTime: new Date(to),
      MaxResults: 50,
    };
    const found: StartCall[] = [];
    let next: string | undefined;
    for (let page = 1; page <= pagesAtMost; page += 1) {
      const command = new LookupEventsCommand({ ...asked, NextToken: next });
      const { Events = [], NextToken } = await client.send(command, { abortSignal });
      found.push(...Events.flatMap(({ CloudTrailEvent }) => callIn(CloudTrailEvent) ?? []));
      if (NextToken === undefined) break;
      next = NextToken;
      await pause(betweenPagesMs);
    }
    return found;
  }

  return {
    async find(queue, span): Promise<Outcome<StartCall[]>> {
      const session = await sessions.open(queue.role, queue.region);
      if (!session.ok) return session;
      try {
        const value = await withTimeLimit((signal) => calls(session.value, queue, span, signal));
        return { ok: true, value };
      } catch (error) {
        const { role, region } = queue;
        const attempt = { service: 'CloudTrail', action: lookupAction, roleArn: role.arn, region } as const;
        const awsError = awsErrorFrom(error, attempt);
        if (areCredentialsRefused(awsError)) sessions.drop(queue.role, session.value);
        return { ok: false, awsError };
      }
    },
  };
}

function callIn(record: string | undefined): StartCall | undefined {
  try {
    return startCallIn(JSON.parse(record ?? ''));
  } catch {
    return undefined;
  }
}
