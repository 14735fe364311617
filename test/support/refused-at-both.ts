/** What Node throws if a host has two addresses and neither accepts the connection. */
export function refusedAtBoth(port = 443): AggregateError {
  const attempts = ['::1', '127.0.0.1'].map((address) =>
    Object.assign(new Error(`connect ECONNREFUSED ${address}:${port}`), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address,
      port,
    }),
  );
  return Object.assign(new AggregateError(attempts), { code: 'ECONNREFUSED' });
}
