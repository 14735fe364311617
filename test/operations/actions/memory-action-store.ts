import { Action } from '../../../src/domain/actions/action.ts';
import { isOpen, nextDueAt } from '../../../src/domain/actions/lifecycle.ts';
import {
  type ActionRecord,
  isInTheWay,
  isRecorded,
  type LocalActionStore,
} from '../../../src/operations/actions/action-store.ts';

/** The port without a disk. Rows are stored as text, so that nobody holds what is stored. */
export function memoryActionStore(): LocalActionStore {
  const rows = new Map<string, string>();
  const records = new Map<string, string[]>();
  const read = (text: string | undefined) =>
    text === undefined ? undefined : Action.parse(JSON.parse(text));
  const all = () => [...rows.values()].flatMap((text) => read(text) ?? []);
  const note = (id: string, record: ActionRecord) =>
    records.set(id, [...(records.get(id) ?? []), JSON.stringify(record)]);
  const openOnes = (queueArn: string) =>
    all()
      .filter((one) => one.queueArn === queueArn && isOpen(one))
      .toSorted((one, other) => one.kind.localeCompare(other.kind));
  const due = () =>
    all()
      .flatMap((action) => ({ id: action.id, at: nextDueAt(action) ?? Infinity }))
      .toSorted((one, other) => one.at - other.at);

  return {
    add: async (action, at) => {
      const open =
        read(rows.get(action.id)) ?? openOnes(action.queueArn).find((one) => isInTheWay(one, action));
      if (open) return { ok: false, open };
      rows.set(action.id, JSON.stringify(action));
      note(action.id, { at, action });
      return { ok: true };
    },
    replace: async (before, next, at) => {
      const stored = read(rows.get(before.id));
      if (stored?.version !== before.version) return false;
      const written = { ...next, version: before.version + 1 };
      rows.set(before.id, JSON.stringify(written));
      if (isRecorded(before, next)) note(before.id, { at, from: before.state, action: written });
      return true;
    },
    read: async (id) => read(rows.get(id)),
    openOf: async (queueArn) => openOnes(queueArn)[0],
    open: async () =>
      all()
        .filter(isOpen)
        .toSorted((one, other) => one.requestedAt - other.requestedAt),
    list: async ({ queueArn, atMost }) =>
      all()
        .filter((action) => queueArn === undefined || action.queueArn === queueArn)
        .toReversed()
        .slice(0, atMost),
    startOf: async (queueArn, startedAt) =>
      all().find(
        (one) => one.kind === 'start' && one.queueArn === queueArn && one.result.startedAt === startedAt,
      ),
    record: async (id) =>
      (records.get(id) ?? []).map((text) => {
        const { action, ...rest } = JSON.parse(text);
        return { ...rest, action: Action.parse(action) };
      }),
    due: async (now) =>
      due()
        .filter(({ at }) => at <= now)
        .map(({ id }) => id),
    nextDue: async () => {
      const at = due()[0]?.at ?? Infinity;
      return at === Infinity ? undefined : at;
    },
  };
}
