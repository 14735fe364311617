import type { AwsService } from './refusal.ts';

/** SQS alone: all is done as asked, and then the line is dropped, or such an answer sent, or the answer comes late. */
export type LostAnswer =
  | { kind: 'done-then-reset' }
  | { kind: 'done-then-error' }
  | { kind: 'done-then-page' }
  | { kind: 'done-then-slow'; ms: number };

/** One thing that goes wrong, for every request it fits. `slow` may join with another one in the same request. */
export type AwsFault = {
  /** Left out: all. */
  service?: AwsService;
  /** For example `ListMessageMoveTasks`. Left out: all. */
  action?: string;
  /** ARN of the role that asks, or that is to be assumed. Left out: all. */
  role?: string;
  /** Where it strikes. Left out: everywhere. */
  region?: string;
  /** How often it strikes; until removed when left out. */
  times?: number;
} & (
  | { kind: 'throttle'; code?: string }
  | { kind: 'error'; code?: string; status?: number; message?: string }
  | { kind: 'slow'; ms: number }
  /** The connection is reset. */
  | { kind: 'reset' }
  /** The session that asks is over. */
  | { kind: 'expire-credentials' }
  /**
   * `of`: the action that is named; left out: the one that was asked for. `because` in place of AWS's usual reason, for
   * example "with an explicit deny in a service control policy".
   */
  | { kind: 'deny'; of?: string; because?: string }
  /** A page of HTML with status 200, as proxies answer. */
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
      const fitting = faults.filter(({ fault }) => fits(fault, call) && !isAfterwards(fault));
      const slow = fitting.filter(({ fault }) => fault.kind === 'slow');
      const trouble = fitting.find(({ fault }) => fault.kind !== 'slow');
      for (const entry of trouble ? [...slow, trouble] : slow) strike(entry);
      const delays = slow.map(({ fault }) => (fault.kind === 'slow' ? fault.ms : 0));
      return { delayMs: Math.max(0, ...delays), trouble: trouble?.fault };
    },
    /** What goes wrong with the answer once the request has had its effect. */
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
