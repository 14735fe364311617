import { answered, Following, withoutAnnouncement } from '../../../src/domain/following/following.ts';
import type { CardPlace } from '../../../src/domain/message-place.ts';
import type { FollowedTask, FollowStore } from '../../../src/operations/following/follow-store.ts';

type Known = Partial<Omit<Following, 'queueArn'>>;

/**
 * A store without a disk. `tasks`: the announced ones. `cards`: those that a person is watching, by the
 * task's start.
 */
export function memoryFollowStore(given: Record<string, Known> = {}, cards: Record<number, CardPlace> = {}) {
  const stored = new Map<string, Following>();
  const tasks: FollowedTask[] = [];
  const commits: Following[] = [];
  const of = (queueArn: string) =>
    stored.get(queueArn) ?? { queueArn, announcements: [], ...given[queueArn] };
  const change = (queueArn: string, how: (following: Following) => Following) => {
    const changed = Following.parse(how(of(queueArn)));
    stored.set(queueArn, changed);
    commits.push(changed);
    return changed;
  };
  const store: FollowStore = {
    read: async (queueArn) => of(queueArn),
    update: async (queueArn, how) => change(queueArn, how),
    watchedCard: async ({ startedAt }) => cards[startedAt],
    announced: async (key, task) => {
      change(task.queueArn, (following) => withoutAnnouncement(following, key));
      tasks.push(task);
    },
    answered: async (queueArn, startedAt, startedBy) =>
      void change(queueArn, (following) => answered(following, startedAt, startedBy)),
  };
  return { store, tasks, commits, of };
}
