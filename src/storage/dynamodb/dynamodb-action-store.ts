import { setTimeout as pause } from 'node:timers/promises';
import type { Action } from '../../domain/actions/action.ts';
import { isOpen } from '../../domain/actions/lifecycle.ts';
import { type ActionRecord, type ActionStore, isRecorded } from '../../operations/actions/action-store.ts';
import { type ActionReader, createActionReader, recordIn, type StoredAction } from '../action-reader.ts';
import { rewritten } from '../rewritten.ts';
import {
  type ActionItems,
  createActionTable,
  type Item,
  type ItemKey,
  type ItemWrite,
  listedMark,
} from './action-table.ts';
import type { TableParts } from './open-table.ts';

/** Several people may decide at once; whoever loses starts over from what is there now. */
const mostTries = 50;
const pauseAtMostMs = 20;

type Parts = TableParts & { clock: () => number };

/**
 * The actions in a DynamoDB table, shared by many processes. One transaction writes an action with its step, and the
 * list of its queue's open ones wherever it opens or closes.
 */
export function createDynamodbActionStore(parts: Parts): ActionStore {
  const { clock } = parts;
  const items = createActionTable(parts);
  const reader = createActionReader(parts);

  return {
    ...reads(items, reader, clock),
    add: (action, at) =>
      untilNoRaceIsLost(action.id, async () => {
        const [same, opened] = await Promise.all([
          itemById(action.id, items),
          openIn(action.queueArn, items),
        ]);
        const over = opened.items.filter((item) => reader.isOver(storedIn(item), clock()));
        const others = opened.items.filter((item) => !over.includes(item));
        const open = reader.inTheWayOf(action, [...(same ? [same] : []), ...others].map(storedIn));
        if (open) return { ok: false, open };
        const key = actionKey(action);
        const isAdded = await items.write([
          { item: { ...key, ...contentOf(action, action) }, before: 'nothing' },
          { item: { ...placeKey(action.id), of: key.queue, action: key.id }, before: 'nothing' },
          stepOf({ at, action }),
          guardWith([...opened.ids.filter((id) => !over.some((item) => item.id === id)), key.id], opened),
          ...over.map(closedUnreadable),
        ]);
        return isAdded ? { ok: true } : undefined;
      }),
    replace: (before, next, at) =>
      untilNoRaceIsLost(before.id, async () => {
        const item = await items.read(actionKey(before));
        if (item?.['version'] !== before.version) return false;
        const written = { ...next, version: before.version + 1 };
        const state = rewritten(JSON.parse(String(item['state'])), before, written);
        const { startedAt } = written.result;
        const isFound = startedAt !== undefined && startedAt !== before.result.startedAt;
        const task = isFound && { ...taskKey(before.queueArn, startedAt), action: item.id };
        const isWritten = await items.write([
          { item: { ...item, ...contentOf(written, state) }, before: before.version },
          ...(isRecorded(before, next) ? [stepOf({ at, from: before.state, action: written })] : []),
          ...(task && written.kind === 'start' ? [{ item: task }] : []),
          ...(await openedOrClosed(before, next, items)),
        ]);
        return isWritten || undefined;
      }),
  };
}

function reads(
  items: ActionItems,
  reader: ActionReader,
  clock: () => number,
): Omit<ActionStore, 'add' | 'replace'> {
  const actionIn = (item: Item | undefined) => item && reader.read(storedIn(item));

  return {
    read: async (id) => actionIn(await itemById(id, items)),
    openOf: async (queueArn) => {
      const opened = await openIn(queueArn, items);
      return actionIn(opened.items.find((item) => !reader.isOver(storedIn(item), clock())));
    },
    list: async ({ queueArn, atMost }) => {
      const found =
        queueArn === undefined
          ? items.newestOfAll(atMost)
          : items.listed({ queue: queueArn, prefix: actionPrefix, newestFirst: true, pageSize: atMost });
      const actions: Action[] = [];
      for await (const item of found) {
        actions.push(reader.read(storedIn(item)));
        if (actions.length >= atMost) break;
      }
      return actions;
    },
    startOf: async (queueArn, startedAt) => {
      const task = await items.read(taskKey(queueArn, startedAt));
      return task && actionIn(await items.read({ queue: queueArn, id: String(task['action']) }));
    },
    record: async (id) => {
      const steps = items.listed({ queue: ownPartition(id), prefix: stepPrefix, newestFirst: false });
      const found: ActionRecord[] = [];
      for await (const step of steps) {
        const record = recordIn(step);
        if (record) found.push(record);
      }
      return found;
    },
  };
}

async function untilNoRaceIsLost<T>(id: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
    await pause(Math.random() * Math.min(tries, 5) * pauseAtMostMs);
  }
  throw new Error(`Could not write action ${id}: others were faster ${mostTries} times in a row.`);
}

async function itemById(id: string, items: ActionItems): Promise<Item | undefined> {
  const place = await items.read(placeKey(id));
  return place && items.read({ queue: String(place['of']), id: String(place['action']) });
}

/**
 * The queue's open actions. `guard`: whoever opens or closes one writes it, too. `items`: a cancel before a start, which
 * says more of the queue.
 */
type Opened = { guard: Item; version: number; ids: readonly string[]; items: Item[] };

async function openIn(queueArn: string, items: ActionItems): Promise<Opened> {
  const key = { queue: queueArn, id: 'open' };
  const guard = (await items.read(key)) ?? key;
  const { version, open }: Readonly<Record<string, unknown>> = guard;
  const ids = Array.isArray(open) ? open.map(String) : [];
  const found = await Promise.all(ids.map((id) => items.read({ queue: queueArn, id })));
  const there = found.filter((item) => item !== undefined && item['isOpen'] !== false);
  const cancelsFirst = there.toSorted((one, other) =>
    String(one?.['kind']).localeCompare(String(other?.['kind'])),
  );
  return { guard, version: Number(version ?? 0), ids, items: cancelsFirst.flatMap((item) => item ?? []) };
}

function guardWith(open: readonly string[], { guard, version }: Opened): ItemWrite {
  return { item: { ...guard, version: version + 1, open }, before: version === 0 ? 'nothing' : version };
}

async function openedOrClosed(before: Action, next: Action, items: ActionItems): Promise<ItemWrite[]> {
  if (isOpen(before) === isOpen(next)) return [];
  const { id } = actionKey(before);
  const opened = await openIn(before.queueArn, items);
  const others = opened.ids.filter((one) => one !== id);
  return [guardWith(isOpen(next) ? [...others, id] : others, opened)];
}

/** `state`: all that is known, as JSON text. The rest is for whoever looks at the table, and for the order. */
function contentOf(action: Action, state: unknown) {
  return {
    ...listedMark,
    version: action.version,
    kind: action.kind,
    isOpen: isOpen(action),
    state: JSON.stringify(state),
  };
}

/** Pending deliveries are not part of the record. */
function stepOf({ at, from, action }: ActionRecord): ItemWrite {
  const state = JSON.stringify({ ...action, outbox: [] });
  const id = `${stepPrefix}${String(action.version).padStart(6, '0')}`;
  return {
    item: { queue: ownPartition(action.id), id, at, from, to: action.state, state },
    before: 'nothing',
  };
}

function storedIn({ queue, id: key, ...item }: Item): StoredAction {
  const { kind, version, state }: Readonly<Record<string, unknown>> = item;
  const [at = '', id = ''] = key.slice(actionPrefix.length).split(' ');
  return { id, queueArn: queue, kind, version, state, requestedAt: Date.parse(at) };
}

/** Its content is kept; only its queue is free again. */
function closedUnreadable(item: Item): ItemWrite {
  const version = Number(item['version']);
  return { item: { ...item, isOpen: false }, ...(Number.isFinite(version) && { before: version }) };
}

function actionKey(action: { queueArn: string; requestedAt: number; id: string }): ItemKey {
  const at = new Date(action.requestedAt).toISOString();
  return { queue: action.queueArn, id: `${actionPrefix}${at} ${action.id}` };
}
const actionPrefix = 'action ';

/** Which action started a task. */
function taskKey(queueArn: string, startedAt: number): ItemKey {
  return { queue: queueArn, id: `task ${new Date(startedAt).toISOString()}` };
}

/** Where an action is, by its id alone. */
function placeKey(actionId: string): ItemKey {
  return { queue: ownPartition(actionId), id: 'place' };
}

const stepPrefix = 'step ';

function ownPartition(actionId: string): string {
  return `action ${actionId}`;
}
