import type { MessagePlace } from '../domain/message-place.ts';
import type { MoveTask } from '../domain/move-task.ts';
import { isFinished } from '../domain/move-task-status.ts';
import { RecentMap } from '../operations/expiring.ts';

/** The observation that a card shows: its time, its task, and whether that task had ended. */
export type Shown = { seenAt: number; startedAt?: number; isFinal: boolean };

/** `isFinal`: nothing more will be known about the task, even if SQS does not say that it ended. */
export function shownBy(seenAt: number, task?: MoveTask, isFinal = false): Shown {
  return {
    seenAt,
    ...(task?.startedAt !== undefined && { startedAt: task.startedAt }),
    isFinal: isFinal || (task !== undefined && isFinished(task)),
  };
}

export function keyOfPlace({ channel, ts }: MessagePlace): string {
  return `${channel}:${ts}`;
}

/** An older observation never replaces a newer one, and only a final state of the same task replaces a final state. */
function mayReplace(shown: Shown | undefined, next: Shown): boolean {
  if (!shown) return true;
  if (next.seenAt < shown.seenAt) return false;
  const isSameTask = shown.startedAt === next.startedAt;
  return !(shown.isFinal && isSameTask && !next.isFinal);
}

/** Cards remembered; older ones fall back on what their button carries. */
const remembered = 5_000;

/** Orders all edits of one card by the time of their observations, whoever makes them. */
export function createCardOrder() {
  const shownOn = new RecentMap<Shown>(remembered);
  const lastEdit = new Map<string, Promise<unknown>>();

  async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = lastEdit.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    lastEdit.set(key, mine);
    try {
      return await mine;
    } finally {
      if (lastEdit.get(key) === mine) lastEdit.delete(key);
    }
  }

  return {
    /** Records what a new card shows, or what the button of a clicked card says it shows. */
    note(card: MessagePlace, shown: Shown): void {
      const key = keyOfPlace(card);
      if (mayReplace(shownOn.get(key), shown)) shownOn.set(key, shown);
    },
    /** Edits the card once all earlier edits are done, unless it shows something newer by then. */
    update(card: MessagePlace, next: Shown, edit: () => Promise<void>): Promise<'edited' | 'superseded'> {
      const key = keyOfPlace(card);
      return inTurn(key, async () => {
        if (!mayReplace(shownOn.get(key), next)) return 'superseded';
        await edit();
        shownOn.set(key, next);
        return 'edited';
      });
    },
  };
}
export type CardOrder = ReturnType<typeof createCardOrder>;
