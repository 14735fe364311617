import type { AwsService } from './refusal.ts';

/** One thing that goes wrong, for every request it fits. `slow` may join with another one in the same request. */
export type AwsFault = {
  /** Left out: all. */
  service?: AwsService;
  /** For example `ListMessageMoveTasks`. Left out: all. */
  action?: string;
  /** ARN of the role that asks, or that is to be assumed. Left out: all. */
  role?: string;
  /** How often it strikes; until removed when left out. */
  times?: number;
} & (
  | { kind: 'throttle'; code?: string }
  | { kind: 'error'; code?: string; status?: number }
  | { kind: 'slow'; ms: number }
  /** The connection is reset. */
  | { kind: 'reset' }
  /** The session that asks is over. */
  | { kind: 'expire-credentials' }
  | { kind: 'deny' }
);

export type AwsCall = { service: AwsService; action: string; role: string };

export type AwsFaults = ReturnType<typeof createAwsFaults>;

export function createAwsFaults() {
  let faults: { fault: AwsFault; left: number }[] = [];

  const strike = (entry: { left: number }) => {
    entry.left -= 1;
    faults = faults.filter(({ left }) => left > 0);
  };

  return {
    /** Answers how to remove it. */
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
    /** How long this request is kept waiting, and what then goes wrong with it. */
    strike(call: AwsCall): { delayMs: number; trouble: AwsFault | undefined } {
      const fitting = faults.filter(({ fault }) => fits(fault, call));
      const slow = fitting.filter(({ fault }) => fault.kind === 'slow');
      const trouble = fitting.find(({ fault }) => fault.kind !== 'slow');
      for (const entry of trouble ? [...slow, trouble] : slow) strike(entry);
      const delays = slow.map(({ fault }) => (fault.kind === 'slow' ? fault.ms : 0));
      return { delayMs: Math.max(0, ...delays), trouble: trouble?.fault };
    },
  };
}

function fits(fault: AwsFault, { service, action, role }: AwsCall): boolean {
  return (
    (fault.service ?? service) === service &&
    (fault.action ?? action) === action &&
    (fault.role ?? role) === role
  );
}
