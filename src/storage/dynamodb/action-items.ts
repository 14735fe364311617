/** `queue`: the ARN of the queue, or what else belongs together. `id` names the item within it. */
export type ItemKey = { queue: string; id: string };

/** Whatever a version stored in it; read with care. */
export type Item = ItemKey & Readonly<Record<string, unknown>>;

/** `before`: the version that must stand there now, or that nothing does. Without it, the item is written in any case. */
export type ItemWrite = { item: Item; before?: number | 'nothing' };

/** The table of actions that many processes share. Whatever it throws has changed nothing, or is not StoreUnusable. */
export type ActionItems = {
  /** Consistent. */
  read(key: ItemKey): Promise<Item | undefined>;
  /** The items of a partition whose ids begin so; consistent. */
  listed(asked: {
    queue: string;
    prefix: string;
    newestFirst: boolean;
    pageSize?: number;
  }): AsyncIterable<Item>;
  /** The actions of all queues, the newest first; may lag behind for a moment. */
  newestOfAll(pageSize: number): AsyncIterable<Item>;
  /** All or nothing. False: another writer came first, and nothing was written. */
  write(writes: readonly [ItemWrite, ...ItemWrite[]]): Promise<boolean>;
};

/** In every action's item: the index of all queues has only these. */
export const listedMark = { listed: 'action' };

export function actionKey(action: { queueArn: string; requestedAt: number; id: string }): ItemKey {
  const at = new Date(action.requestedAt).toISOString();
  return { queue: action.queueArn, id: `${actionPrefix}${at} ${action.id}` };
}
export const actionPrefix = 'action ';

/** The queue's open actions: whoever opens or closes one writes it, too. */
export function openKey(queueArn: string): ItemKey {
  return { queue: queueArn, id: 'open' };
}

/** Which action started a task. */
export function taskKey(queueArn: string, startedAt: number): ItemKey {
  return { queue: queueArn, id: `task ${new Date(startedAt).toISOString()}` };
}

/** Where an action is, by its id alone. */
export function placeKey(actionId: string): ItemKey {
  return { queue: ownPartition(actionId), id: 'place' };
}

export function stepKey(actionId: string, version: number): ItemKey {
  return { queue: ownPartition(actionId), id: `${stepPrefix}${String(version).padStart(6, '0')}` };
}
export const stepPrefix = 'step ';

export function ownPartition(actionId: string): string {
  return `action ${actionId}`;
}
