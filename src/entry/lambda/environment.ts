import { createExpiring, lasting } from '../../operations/expiring.ts';
import type { Log } from '../../operations/log.ts';

/** A variable that serverless.yml or Lambda sets. Throws without it. */
export function variable(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set; serverless.yml or Lambda sets it`);
  return value;
}

const threeMinutes = 3 * 60_000;
const aDay = 24 * 60 * 60_000;

export type SecretsParts = {
  read: (name: string) => Promise<string>;
  clock: () => number;
  log: Pick<Log, 'warn'>;
};

/**
 * Reads parameters and caches them for some minutes, so that a rotation needs no deployment. While one cannot be read,
 * its last known value is used.
 */
export function createSecrets({ read, clock, log }: SecretsParts): (name: string) => Promise<string> {
  const secrets = createExpiring<string>({
    clock,
    lifeOf: lasting(threeMinutes, aDay),
    onStale: (parameter, why) =>
      log.warn({ parameter, why: String(why) }, 'could not read a secret; using its last known value'),
  });
  return (name) => secrets.get(name, () => read(name));
}
