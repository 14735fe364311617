import type { AwsService } from './refusal.ts';

/**
 * SQS only: the request has its effect, and then the connection is dropped, this answer is sent, or the
 * answer is late.
 */
export type LostAnswer =
  | { kind: 'done-then-reset' }
  | { kind: 'done-then-error' }
  | { kind: 'done-then-page' }
  | { kind: 'done-then-slow'; ms: number };

/** A fault for every matching request. `slow` can be combined with another one. */
export type AwsFault = {
  /** Absent: all. */
  service?: AwsService;
  /** For example `ListMessageMoveTasks`. Absent: all. */
  action?: string;
  /** ARN of the role that asks, or that is to be assumed. Absent: all. */
  role?: string;
  /** Where it applies. Absent: everywhere. */
  region?: string;
  /** How many times it applies. Absent: until removed. */
  times?: number;
} & (
  | { kind: 'throttle'; code?: string }
  | { kind: 'error'; code?: string; status?: number; message?: string }
  | { kind: 'slow'; ms: number }
  /** The connection is reset. */
  | { kind: 'reset' }
  /** The caller's session has expired. */
  | { kind: 'expire-credentials' }
  /**
   * `of`: the action that is named; absent: the requested one. `because` replaces AWS's usual reason, for
   * example "with an explicit deny in a service control policy".
   */
  | { kind: 'deny'; of?: string; because?: string }
  /** An HTML page with status 200, as proxies return. */
  | { kind: 'page' }
  | LostAnswer
);

export type AwsCall = { service: AwsService; action: string; role: string; region: string };

export type AwsFaults = ReturnType<typeof createAwsFaults>;

export function createAwsFaults() {
  let faults: { fault: AwsFault; left: number }[] = [];

  const strike = (entry: { left: number }) => {
    entry.left -= 1;
    faults = faults.filter(({ left }) => left > 0);
  };

  return {
    /** Returns a function that removes it. */
    add(fault: AwsFault): () => void {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      faults.push(entry);
      return () => {
        faults = faults.filter((it) => it !== entry);
      };
    },
    clear() {
      faults = [];
    },
    /** How long this request is delayed, and which fault it gets then. */
    strike(call: AwsCall): { delayMs: number; trouble: AwsFault | undefined } {
      const fitting = faults.filter(({ fault }) => fits(fault, call) && !isAfterwards(fault));
      const slow = fitting.filter(({ fault }) => fault.kind === 'slow');
      const trouble = fitting.find(({ fault }) => fault.kind !== 'slow');
      for (const entry of trouble ? [...slow, trouble] : slow) strike(entry);
      const delays = slow.map(({ fault }) => (fault.kind === 'slow' ? fault.ms : 0));
      return { delayMs: Math.max(0, ...delays), trouble: trouble?.fault };
    },
    /** The fault that the answer gets after the request has had its effect. */
    strikeAnswer(call: AwsCall): LostAnswer | undefined {
      for (const entry of faults) {
        const { fault } = entry;
        if (!isAfterwards(fault) || !fits(fault, call)) continue;
        strike(entry);
        return fault;
      }
      return undefined;
    },
  };
}

function fits(fault: AwsFault, { service, action, role, region }: AwsCall): boolean {
  return (
    (fault.service ?? service) === service &&
    (fault.action ?? action) === action &&
    (fault.role ?? role) === role &&
    (fault.region ?? region) === region
  );
}

function isAfterwards(fault: AwsFault): fault is AwsFault & LostAnswer {
  return fault.kind.startsWith('done-then-');
}
