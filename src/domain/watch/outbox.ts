import * as z from 'zod';
import { deliveryFields } from '../delivery.ts';
import { fieldsOf } from '../fields.ts';
import { isFinished } from '../move-task.ts';
import { understood } from '../understood.ts';
import { CardState, cardStateOf, MessagePlace, Notice, type Telling } from './telling.ts';
import { Watch } from './watch.ts';

/** A notice that is to be told, or one that was told and may have to be corrected. */
export const KeptNotice = z.object({
  key: z.string(),
  notice: Notice,
  /** Counts the texts this notice has had; `told` is the one that people see, 0 before any. */
  version: z.number(),
  told: z.number(),
  /** Where it stands, once told. */
  place: MessagePlace.exactOptional(),
  /** A try has begun and its outcome is not known: it may stand in the thread already. */
  maybeTold: z.boolean(),
  ...deliveryFields,
  /** A direct message to one watcher, in place of the notice `of` while the channel is closed to the bot. */
  direct: z.object({ user: z.string(), of: z.string() }).exactOptional(),
});
export type KeptNotice = z.infer<typeof KeptNotice>;

export const KeptEdit = z.object({
  state: CardState,
  version: z.number(),
  ...deliveryFields,
});
export type KeptEdit = z.infer<typeof KeptEdit>;

/** What a watch has decided to tell and has not yet told for certain. Committed together with the watch. */
export const Outbox = z.object({ notices: understood(KeptNotice), edit: KeptEdit.optional() });
export type Outbox = z.infer<typeof Outbox>;

/** What a card is to show follows from its watch: an edit of a newer version that is not understood is made anew. */
function withEditUnderstood(kept: unknown): unknown {
  const { watch, outbox } = fieldsOf(kept);
  const { edit } = fieldsOf(outbox);
  if (edit === undefined || KeptEdit.safeParse(edit).success) return kept;
  const known = Watch.safeParse(watch).data;
  const state = known && cardStateOf(known);
  const anew = state && { state, version: 1, since: state.seenAt, notBefore: 0, failures: 0 };
  return { ...fieldsOf(kept), outbox: { ...fieldsOf(outbox), edit: anew } };
}

/** A watch as it is stored. */
export const KeptWatch = z.preprocess(withEditUnderstood, z.object({ watch: Watch, outbox: Outbox }));
export type KeptWatch = z.infer<typeof KeptWatch>;

export const emptyOutbox: Outbox = { notices: [] };

export function remember(outbox: Outbox, tell: readonly Telling[], now: number): Outbox {
  return tell.reduce((kept, telling) => rememberOne(kept, telling, now), outbox);
}

function rememberOne(outbox: Outbox, telling: Telling, now: number): Outbox {
  switch (telling.kind) {
    case 'card':
      return { ...outbox, edit: newerEdit(outbox.edit, telling.state, now) };
    case 'notice': {
      const { key, notice } = telling;
      if (outbox.notices.some((kept) => kept.key === key)) return outbox;
      return { ...outbox, notices: [...outbox.notices, freshNotice(key, notice, now)] };
    }
    case 'correction':
      return changeNotice(outbox, telling.key, (kept) => ({
        ...kept,
        notice: telling.notice,
        version: kept.version + 1,
        since: now,
      }));
  }
}

function freshNotice(key: string, notice: Notice, now: number): KeptNotice {
  return { key, notice, version: 1, told: 0, maybeTold: false, since: now, notBefore: now, failures: 0 };
}

/**
 * A newer edit takes the place of one that waits, and waits as long: Slack's limit has not moved. The first one that
 * shows the end does not: it goes before all that show progress.
 */
function newerEdit(waiting: KeptEdit | undefined, state: CardState, now: number): KeptEdit {
  const version = (waiting?.version ?? 0) + 1;
  const isFirstFinal = state.final && waiting !== undefined && !isFinalEdit(waiting);
  const fresh = { state, version, since: now };
  if (!waiting || isFirstFinal) return { ...fresh, notBefore: now, failures: 0 };
  const { notBefore, failures, failing } = waiting;
  return { ...fresh, notBefore, failures, ...(failing && { failing }) };
}

export function isPending(kept: KeptNotice): boolean {
  return kept.told < kept.version;
}

export function changeNotice(outbox: Outbox, key: string, how: (kept: KeptNotice) => KeptNotice): Outbox {
  return { ...outbox, notices: outbox.notices.map((kept) => (kept.key === key ? how(kept) : kept)) };
}

export function dropNotice(outbox: Outbox, key: string): Outbox {
  return { ...outbox, notices: outbox.notices.filter((kept) => kept.key !== key) };
}

/** Nobody needs to be told any more: only the card remains, and not even that when it must be left alone. */
export function silence(outbox: Outbox): Outbox {
  return { notices: outbox.notices.filter((kept) => !isPending(kept)), edit: outbox.edit };
}

export function withoutJoin(outbox: Outbox, user: string): Outbox {
  const isTheirs = ({ notice, direct }: KeptNotice) =>
    (notice.kind === 'joined' && notice.user === user) || direct?.user === user;
  return { ...outbox, notices: outbox.notices.filter((kept) => !(isTheirs(kept) && !kept.maybeTold)) };
}

/** How the redrive or the watch of it ended. It waits for no other notice. */
export function isEnd({ notice }: KeptNotice): boolean {
  return notice.kind === 'ended' || notice.kind === 'gave-up';
}

/** Direct messages and corrections wait for nobody, and nobody for them. */
function isInOrder({ told, direct }: KeptNotice): boolean {
  return told === 0 && direct === undefined;
}

/**
 * Notices of one watch stay in order: those behind one that waits wait with it. Only the end does not: it passes those
 * that wait, and they are not tried again before it.
 */
export function dueNotices({ notices }: Outbox, now: number): KeptNotice[] {
  const pending = notices.filter(isPending);
  const isDue = ({ notBefore }: KeptNotice) => notBefore <= now;
  const isFresh = (kept: KeptNotice) => isDue(kept) && kept.failures === 0 && !kept.maybeTold;
  const inOrder = pending.filter(isInOrder);
  const end = inOrder.findIndex(isEnd);
  const line = end >= 0 && !inOrder.slice(0, end).every(isFresh) ? inOrder.slice(end) : inOrder;
  const waiting = line.findIndex((kept) => !isDue(kept));
  const others = pending.filter((kept) => !isInOrder(kept) && isDue(kept));
  return [...(waiting < 0 ? line : line.slice(0, waiting)), ...others];
}

/** When a notice is to be told next; none waits: undefined. */
export function nextNoticeAt({ notices }: Outbox): number | undefined {
  const pending = notices.filter(isPending);
  const inOrder = pending.filter(isInOrder);
  const first = inOrder.find(isEnd) ?? inOrder[0];
  const others = pending.filter((kept) => !isInOrder(kept));
  const times = [...(first ? [first] : []), ...others].map(({ notBefore }) => notBefore);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Those that have waited longer than the end and are of no use any more once it is told. */
export function overtakenBy({ notices }: Outbox, endKey: string): KeptNotice[] {
  const end = notices.findIndex(({ key }) => key === endKey);
  return notices.slice(0, Math.max(end, 0)).filter((kept) => isPending(kept) && isInOrder(kept));
}

/** The watchers get it as a direct message meanwhile, each once. Who has joined is no news to them. */
export function withDirects(
  outbox: Outbox,
  { key, notice }: KeptNotice,
  watchers: readonly string[],
  now: number,
): Outbox {
  if (notice.kind === 'joined') return outbox;
  const known = new Set(outbox.notices.map((kept) => kept.key));
  const directs = watchers
    .map((user) => ({ user, key: `${key}/to/${user}` }))
    .filter((one) => !known.has(one.key))
    .map((one) => ({ ...freshNotice(one.key, notice, now), direct: { user: one.user, of: key } }));
  return directs.length > 0 ? { ...outbox, notices: [...outbox.notices, ...directs] } : outbox;
}

/** When the engine must look again; never, once it is over. */
export function nextLookOf({ watch }: KeptWatch): number | undefined {
  return watch.phase === 'over' ? undefined : watch.nextLookAt;
}

/** A final edit is worth more tries than one that the next look replaces. */
export function isFinalEdit({ state }: KeptEdit): boolean {
  return state.final || isFinished(state.task);
}
