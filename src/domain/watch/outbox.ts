import * as z from 'zod';
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
  since: z.number(),
  notBefore: z.number(),
  failures: z.number(),
});
export type KeptNotice = z.infer<typeof KeptNotice>;

export const KeptEdit = z.object({
  state: CardState,
  version: z.number(),
  since: z.number(),
  notBefore: z.number(),
  failures: z.number(),
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
      const kept = {
        key,
        notice,
        version: 1,
        told: 0,
        maybeTold: false,
        since: now,
        notBefore: now,
        failures: 0,
      };
      return { ...outbox, notices: [...outbox.notices, kept] };
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

/**
 * A newer edit takes the place of one that waits, and waits as long: Slack's limit has not moved. The first one that
 * shows the end does not: it goes before all that show progress.
 */
function newerEdit(waiting: KeptEdit | undefined, state: CardState, now: number): KeptEdit {
  const version = (waiting?.version ?? 0) + 1;
  const isFirstFinal = state.final && waiting !== undefined && !isFinalEdit(waiting);
  const wait = waiting && !isFirstFinal ? waiting : { notBefore: now, failures: 0 };
  return { state, version, since: now, notBefore: wait.notBefore, failures: wait.failures };
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
  const isTheirs = ({ notice }: KeptNotice) => notice.kind === 'joined' && notice.user === user;
  return { ...outbox, notices: outbox.notices.filter((kept) => !(isTheirs(kept) && !kept.maybeTold)) };
}

/** Notices of one watch stay in order: those behind one that waits wait with it. */
export function dueNotices({ notices }: Outbox, now: number): KeptNotice[] {
  const pending = notices.filter(isPending);
  const waiting = pending.findIndex((kept) => kept.notBefore > now);
  return waiting < 0 ? pending : pending.slice(0, waiting);
}

/** When a notice is to be told next; none waits: undefined. */
export function nextNoticeAt({ notices }: Outbox): number | undefined {
  return notices.find(isPending)?.notBefore;
}

/** When the engine must look again; never, once it is over. */
export function nextLookOf({ watch }: KeptWatch): number | undefined {
  return watch.phase === 'over' ? undefined : watch.nextLookAt;
}

/** A final edit is worth more tries than one that the next look replaces. */
export function isFinalEdit({ state }: KeptEdit): boolean {
  return state.final || isFinished(state.task);
}
