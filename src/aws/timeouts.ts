/**
 * How long AWS may take, in milliseconds. One that takes 10 s for everything is still heard, also when the session
 * has ended early and a look is three requests.
 */
export type Timeouts = {
  /** To open a connection. */
  connect: number;
  /** For one HTTP request, the time it waits for a free connection included. */
  request: number;
  /** For AssumeRole with the SDK's retries; shorter than `call`, so that its own reason is the one reported. */
  assumeRole: number;
  /** For a whole call, AssumeRole and retries included. */
  call: number;
};

export const patientTimeouts: Timeouts = {
  connect: 3_000,
  request: 20_000,
  assumeRole: 25_000,
  call: 35_000,
};
