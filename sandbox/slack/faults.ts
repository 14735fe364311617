import type { Json } from './json.ts';

type Scope = {
  /**
   * A Web API method, `response_url`, or for `slow-delivery` what is delivered. Absent: all of them.
   * `socket`, which must be named: opening a connection; `slow` delays Slack's hello, and `error` is the
   * reason of a disconnect.
   */
  method?: string;
  /** What it does not affect, if `method` is absent. */
  spares?: string;
  /** How many times it applies. Absent: until removed. */
  times?: number;
  /** How long it applies, from its first use on. */
  forMs?: number;
  /** Applies only to calls with these arguments. */
  when?: (args: Json) => boolean;
};

type Trouble =
  /** `retryAfterSeconds: null`: Slack does not say how long to wait. */
  | { kind: 'rate-limited'; retryAfterSeconds?: number | null }
  | { kind: 'server-error'; status?: number }
  /** Slack's own error code, for example `token_revoked`. */
  | { kind: 'error'; error: string }
  /** HTTP 200 with a page, or whatever `body` is, instead of an answer, and nothing has happened. */
  | { kind: 'page'; body?: string }
  /** The call has its effect, and then such a page is returned. */
  | { kind: 'stored-then-page'; body?: string }
  /** The connection is reset and nothing has happened. */
  | { kind: 'reset' }
  /** The call has its effect, and then the connection is reset. */
  | { kind: 'stored-then-reset' }
  /** The call has its effect, and then 500 is returned. */
  | { kind: 'stored-then-server-error' }
  /** The call has its effect, but the answer is late. */
  | { kind: 'stored-then-slow'; ms: number };

/** A fault. `slow` and the last three can be combined with another one in the same call. */
export type SlackFault = Scope &
  (
    | Trouble
    | { kind: 'slow'; ms: number }
    | { kind: 'missing-scope'; scope: string }
    /** Such a block is rejected as `invalid_blocks`, like one that is not rolled out yet. */
    | { kind: 'rejected-block'; blockType: string }
    /** Commands, clicks and events reach the bot late. */
    | { kind: 'slow-delivery'; ms: number }
  );

type Kind = SlackFault['kind'];
type FaultOf<K extends Kind> = Extract<SlackFault, { kind: K }>;

export type FaultBoard = ReturnType<typeof createFaultBoard>;

export const troubleKinds = [
  'rate-limited',
  'server-error',
  'error',
  'page',
  'stored-then-page',
  'reset',
  'stored-then-reset',
  'stored-then-server-error',
  'stored-then-slow',
] as const satisfies Trouble['kind'][];

export function createFaultBoard(clock: () => number = Date.now) {
  let faults: { fault: SlackFault; left: number; until?: number }[] = [];

  const remove = (fault: SlackFault) => {
    faults = faults.filter((entry) => entry.fault !== fault);
  };

  /** The first matching fault, which is then counted as used once. */
  function strike<K extends Kind>(
    kinds: readonly K[],
    method: string,
    args: Json = {},
    fits: (fault: FaultOf<K>) => boolean = () => true,
  ): FaultOf<K> | undefined {
    const isOfKind = (fault: SlackFault): fault is FaultOf<K> => kinds.some((kind) => kind === fault.kind);
    for (const entry of faults) {
      const { fault } = entry;
      if (!isOfKind(fault) || !covers(fault, method, args) || !fits(fault)) continue;
      entry.until ??= clock() + (fault.forMs ?? Number.POSITIVE_INFINITY);
      if (clock() > entry.until) {
        remove(fault);
        continue;
      }
      entry.left -= 1;
      if (entry.left <= 0) remove(fault);
      return fault;
    }
    return undefined;
  }

  return {
    /** Returns a function that removes it. */
    add(fault: SlackFault): () => void {
      const own = { ...fault };
      faults.push({ fault: own, left: fault.times ?? Number.POSITIVE_INFINITY });
      return () => remove(own);
    },
    clear() {
      faults = [];
    },
    active: () => faults.map((entry) => entry.fault),
    strike,
  };
}

function covers(fault: SlackFault, method: string, args: Json): boolean {
  const isMeant = (fault.method ?? method) === method && fault.spares !== method;
  return isMeant && (fault.when?.(args) ?? true);
}
