import type { Check } from '../../domain/doctor/check.ts';
import type { RoleInUse } from '../../domain/doctor/role-checks.ts';
import { unlistedChecks } from '../../domain/doctor/unlisted-checks.ts';
import type { Queue } from '../../domain/queue.ts';
import { discoverQueues, type QueueDirectory } from '../discover-queues.ts';

/** Searches the regions of the role's queues for DLQs that are not in the settings. */
export async function countUnlisted(
  { role, queues: [first, ...others] }: RoleInUse,
  queues: readonly Queue[],
  { directory, patience }: { directory: QueueDirectory; patience: AbortSignal },
): Promise<Check[]> {
  const { account, partition } = first;
  const regions = new Set([first, ...others].map(({ region }) => region));
  const surveys = await Promise.all(
    [...regions].map((region) =>
      discoverQueues({ account, partition, region, role }, directory, { signal: patience }),
    ),
  );
  return unlistedChecks(first, surveys, { queues, isOver: patience.aborted });
}
