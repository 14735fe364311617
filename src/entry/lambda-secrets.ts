/** Reads a value and keeps it for some minutes, so that a rotation is seen without a deployment. */
export function kept(
  read: () => Promise<string>,
  { clock, forMs = 3 * 60_000 }: { clock: () => number; forMs?: number },
): () => Promise<string> {
  let last: { value: string; readAt: number } | undefined;
  let reading: Promise<string> | undefined;

  const renewed = async () => {
    const value = await read();
    last = { value, readAt: clock() };
    return value;
  };

  return async () => {
    if (last && clock() - last.readAt < forMs) return last.value;
    reading ??= renewed().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
