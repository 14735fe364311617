/**
 * Timeouts for AWS in milliseconds. If AWS takes 10 s for every request, a poll still succeeds, even if the session has
 * ended early and it needs three requests.
 */
export type Timeouts = {
  connect: number;
  /** For one HTTP request, including the wait for a free connection. */
  request: number;
  /** For AssumeRole with the SDK's retries; shorter than `call`, so that its own error is reported. */
  assumeRole: number;
  /** For a whole call, including AssumeRole and retries. */
  call: number;
};

export const defaultTimeouts: Timeouts = {
  connect: 3_000,
  request: 20_000,
  assumeRole: 25_000,
  call: 35_000,
};
