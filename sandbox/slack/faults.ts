import type { Json } from './json.ts';

type Scope = {
  /**
   * A Web API method, `response_url`, or for `slow-delivery` what is delivered. Left out: all of them. `socket`, which
   * has to be named: opening a connection; `slow` keeps Slack's hello back, and `error` is the reason of a goodbye.
   */
  method?: string;
  /** What it does not strike, where `method` is left out. */
  spares?: string;
  /** How often it strikes; until removed when left out. */
  times?: number;
  /** For how long it strikes, from its first strike on. */
  forMs?: number;
  /** Strikes only calls with such arguments. */
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
  /** All is done as asked, and then such a page is answered. */
  | { kind: 'stored-then-page'; body?: string }
  /** The connection is reset and nothing has happened. */
  | { kind: 'reset' }
  /** All is done as asked, and then the connection is reset instead of answered. */
  | { kind: 'stored-then-reset' }
  /** All is done as asked, and then 500 is answered. */
  | { kind: 'stored-then-server-error' }
  /** All is done as asked, but the answer comes late. */
  | { kind: 'stored-then-slow'; ms: number };

/** One thing that goes wrong. `slow` and the last three may join with another one in the same call. */
export type SlackFault = Scope &
  (
    | Trouble
    | { kind: 'slow'; ms: number }
    | { kind: 'missing-scope'; scope: string }
    /** Such a block is refused as `invalid_blocks`, like one not rolled out yet. */
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

  /** The first fault that fits, which counts as one strike of it. */
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
    /** Answers how to remove it. */
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
