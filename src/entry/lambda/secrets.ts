import { createExpiring, lasting } from '../../operations/expiring.ts';
import type { Log } from '../../operations/log.ts';

const threeMinutes = 3 * 60_000;
const aDay = 24 * 60 * 60_000;

export type SecretsParts = {
  read: (name: string) => Promise<string>;
  clock: () => number;
  log: Pick<Log, 'warn'>;
};

/**
 * Reads parameters and keeps them for some minutes, so that a rotation is seen without a deployment. While one cannot be
 * read, the last known value serves.
 */
export function createSecrets({ read, clock, log }: SecretsParts): (name: string) => Promise<string> {
  const secrets = createExpiring<string>({
    clock,
    lifeOf: lasting(threeMinutes, aDay),
    onStale: (parameter, why) =>
      log.warn({ parameter, why: String(why) }, 'a secret could not be read; its last known value serves'),
  });
  return (name) => secrets.get(name, () => read(name));
}
