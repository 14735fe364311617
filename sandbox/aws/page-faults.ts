import type { AwsFault, AwsFaults } from './faults.ts';
import type { LateCounts } from './late-counts.ts';
import type { LateStarts } from './late-starts.ts';

/** Something a person can switch on and off on the sandbox page. */
export type PageSwitch = {
  name: string;
  label: string;
  kind?: 'redrive';
  /** What to do once it is on. */
  hint?: string;
  isOn(): boolean;
  set(on: boolean): void;
};

const start = { service: 'SQS', action: 'StartMessageMoveTask' } as const;

const switches: { name: string; label: string; fault: AwsFault }[] = [
  { name: 'aws-slow', label: 'AWS takes 10 seconds to answer', fault: { kind: 'slow', ms: 10_000 } },
  { name: 'sqs-throttles', label: 'SQS throttles', fault: { kind: 'throttle', service: 'SQS' } },
  { name: 'sqs-denies', label: 'SQS denies the role', fault: { kind: 'deny', service: 'SQS' } },
  { name: 'sqs-fails', label: 'SQS returns 500', fault: { kind: 'error', service: 'SQS' } },
  { name: 'sqs-resets', label: 'SQS drops the connection', fault: { kind: 'reset', service: 'SQS' } },
  { name: 'sts-refuses', label: 'STS refuses the role', fault: { kind: 'deny', service: 'STS' } },
  {
    name: 'cloudtrail-denies',
    label: 'CloudTrail denies the role',
    fault: { kind: 'deny', service: 'CloudTrail' },
  },
  {
    name: 'session-expires',
    label: 'The credentials have expired',
    fault: { kind: 'expire-credentials', service: 'SQS' },
  },
  {
    name: 'start-lost',
    label: 'SQS starts a redrive, then drops the connection',
    fault: { kind: 'done-then-reset', ...start },
  },
  { name: 'start-fails', label: 'SQS returns 500 for start requests', fault: { kind: 'error', ...start } },
  { name: 'start-throttled', label: 'SQS throttles start requests', fault: { kind: 'throttle', ...start } },
  {
    name: 'start-denied',
    label: 'A service control policy denies starts',
    fault: { kind: 'deny', because: 'with an explicit deny in a service control policy', ...start },
  },
];

export function pageFaultsOf(faults: AwsFaults, onStsRefusal: () => void): PageSwitch[] {
  return switches.map(({ name, label, fault }) => {
    let remove: (() => void) | undefined;
    return {
      name,
      label,
      isOn: () => remove !== undefined,
      set(on) {
        remove?.();
        remove = on ? faults.add(fault) : undefined;
        if (on && name === 'sts-refuses') onStsRefusal();
      },
    };
  });
}

const lateBySeconds = [5, 90];

/** Only one is active: the last one that was switched on. */
export function lateStartSwitches(lateStarts: LateStarts): PageSwitch[] {
  return lateBySeconds.map((seconds) => ({
    name: `start-shown-after-${seconds}`,
    label: `SQS lists a new redrive ${seconds} seconds late`,
    isOn: () => lateStarts.delayMs() === seconds * 1_000,
    set: (on) => lateStarts.showAfter(on ? seconds * 1_000 : 0),
  }));
}

const lagsBySeconds = [15, 60];

export function lateCountSwitches(lateCounts: LateCounts): PageSwitch[] {
  return lagsBySeconds.map((seconds) => ({
    name: `counts-late-by-${seconds}`,
    label: `SQS counts messages ${seconds} seconds late`,
    isOn: () => lateCounts.lagMs() === seconds * 1_000,
    set: (on) => lateCounts.lagBy(on ? seconds * 1_000 : 0),
  }));
}
