import type { LocalAws } from '../../sandbox/aws/local-aws.ts';

export const secretHandle = 'AQEBnobodyMayEverSeeThisTaskHandle';

export type RedriveEnd = 'COMPLETED' | 'FAILED' | 'CANCELLED';

export type RedrivePlan = {
  arn: string;
  end: RedriveEnd;
  total: number;
  /** The final count. */
  moved: number;
  /** How long the count still changes after the end, as SQS's does; 0: it is final at once. */
  countsLateMs: number;
  /** How many messages the DLQ holds once it has ended. */
  left: number;
  /** How many messages come back, once they are allowed to. */
  comesBack?: number;
};

export type Redrive = RedrivePlan & {
  startedAt: number;
  endsAt: number | undefined;
  comesBackAt: number | undefined;
};

/** Move tasks on a wall clock: each runs until a test ends it. */
export function createRedrives(aws: LocalAws) {
  const running = new Set<Redrive>();
  const timer = setInterval(() => {
    for (const redrive of running) show(redrive, Date.now());
  }, 40);

  function show(redrive: Redrive, now: number): void {
    aws.script(redrive.arn, [[taskAt(redrive, now)]]);
    aws.setDepth(redrive.arn, { waiting: depthAt(redrive, now), inFlight: 0, delayed: 0 });
    if (isStill(redrive, now)) running.delete(redrive);
  }

  return {
    begin(plan: RedrivePlan): Redrive {
      const redrive: Redrive = { ...plan, startedAt: Date.now(), endsAt: undefined, comesBackAt: undefined };
      running.add(redrive);
      show(redrive, Date.now());
      return redrive;
    },
    endIn(redrive: Redrive, ms: number): void {
      redrive.endsAt = Date.now() + ms;
    },
    /** Its messages come back after this long. */
    comeBackIn(redrive: Redrive, ms: number): void {
      redrive.comesBackAt = Date.now() + ms;
    },
    stop: () => clearInterval(timer),
  };
}

function taskAt(
  { arn, end, total, moved, countsLateMs, startedAt, endsAt = Infinity }: Redrive,
  now: number,
) {
  const base = { SourceArn: arn, StartedTimestamp: startedAt, ApproximateNumberOfMessagesToMove: total };
  if (now < endsAt) {
    const isCancelling = end === 'CANCELLED' && now > endsAt - 800;
    const soFar = movedSoFar({ moved, startedAt }, now);
    const Status = isCancelling ? 'CANCELLING' : 'RUNNING';
    const handle = isCancelling ? {} : { TaskHandle: secretHandle };
    return { ...base, Status, ...handle, ApproximateNumberOfMessagesMoved: soFar };
  }
  const missing = now < endsAt + countsLateMs ? Math.ceil(moved / 10) : 0;
  const reason = end === 'FAILED' ? { FailureReason: 'CouldNotDetermineMessageSource' } : {};
  return { ...base, Status: end, ...reason, ApproximateNumberOfMessagesMoved: moved - missing };
}

function movedSoFar({ moved, startedAt }: Pick<Redrive, 'moved' | 'startedAt'>, now: number): number {
  return Math.min(Math.floor((now - startedAt) / 500), Math.floor(moved / 2));
}

/** Were it no less than at the start, messages would seem to come back while it runs. */
function depthAt(redrive: Redrive, now: number): number {
  const { total, left, endsAt = Infinity, comesBack = 0, comesBackAt = Infinity } = redrive;
  if (now < endsAt) return total - movedSoFar(redrive, now);
  return left + (now > comesBackAt ? comesBack : 0);
}

/** Nothing changes anymore. */
function isStill({ endsAt = Infinity, comesBack, comesBackAt = Infinity }: Redrive, now: number): boolean {
  return now > (comesBack === undefined ? endsAt : comesBackAt) + 60_000;
}
