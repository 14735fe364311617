import { Refusal } from './refusal.ts';

export type Triggers = ReturnType<typeof createTriggers>;

/** Lets an app open a modal for the person who has just done something: once, within a few seconds. */
export function createTriggers({
  now,
  nextId,
  lifetimeMs,
}: {
  now: () => number;
  nextId: () => string;
  lifetimeMs: number;
}) {
  const issued = new Map<string, { person: string; at: number; isUsed: boolean }>();
  return {
    issue(person: string): string {
      const id = `${now()}.${issued.size}.${nextId()}`;
      issued.set(id, { person, at: now(), isUsed: false });
      return id;
    },
    /** The person it belongs to; throws a Refusal. */
    exchange(id: string): string {
      const trigger = issued.get(id);
      if (!trigger) throw new Refusal('invalid_trigger_id');
      if (trigger.isUsed) throw new Refusal('exchanged_trigger_id');
      if (now() - trigger.at > lifetimeMs) throw new Refusal('expired_trigger_id');
      trigger.isUsed = true;
      return trigger.person;
    },
  };
}
