import type { AwsFault, AwsFaults } from './faults.ts';

/** Something a person may switch on and off on the sandbox page. */
export type PageSwitch = {
  name: string;
  label: string;
  kind?: 'redrive';
  /** What to do once it is on. */
  hint?: string;
  isOn(): boolean;
  set(on: boolean): void;
};

const switches: { name: string; label: string; fault: AwsFault }[] = [
  { name: 'aws-slow', label: 'AWS takes 10 seconds', fault: { kind: 'slow', ms: 10_000 } },
  { name: 'sqs-throttles', label: 'SQS throttles', fault: { kind: 'throttle', service: 'SQS' } },
  { name: 'sqs-denies', label: 'SQS denies the role', fault: { kind: 'deny', service: 'SQS' } },
  { name: 'sqs-fails', label: 'SQS answers 500', fault: { kind: 'error', service: 'SQS' } },
  { name: 'sqs-resets', label: 'SQS drops the line', fault: { kind: 'reset', service: 'SQS' } },
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
