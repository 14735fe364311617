import type { Moment } from '../../domain/delivery.ts';
import {
  changeNotice,
  dueNotices,
  isPending,
  type KeptEdit,
  type KeptNotice,
  type KeptWatch,
} from '../../domain/watch/outbox.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type After, afterEdit, afterNotice } from './after-telling.ts';
import { say } from './say-what-happened.ts';
import type { Teller, Told, ToTell } from './teller.ts';
import type { WatchStore } from './watch-store.ts';

export type TellPorts = {
  store: WatchStore;
  teller: Teller;
  clock: () => number;
  random: () => number;
  log: Log;
  metrics?: Metrics;
  /** For the log: the queue in the settings, if it is there. */
  rules: { queueOf: (arn: string) => { alias: string } | undefined };
};

/** A post whose line is gone, as after a kill, may reach the thread this much later: until then it is looked for in vain. */
const onItsWay = 3_000;
/** Slack may have something against the blocks, the metadata and the thread, one after the other. */
const mostForms = 4;

/**
 * Tells what a watch has pending and is due at `now`. A notice is marked as begun before it is posted, so that after a
 * crash the next try looks for it first. One call at a time for each watch; its card is edited meanwhile.
 */
export async function tellNotices(id: string, now: number, ports: TellPorts): Promise<void> {
  const [kept] = await ports.store.read([id]);
  const due = kept ? dueNotices(kept.outbox, now) : [];
  for (const { key } of due) if (!(await tellNotice(id, key, ports))) break;
}

/** Edits the card, when an edit is due at `now`. One call at a time for each watch, too. */
export async function tellCard(id: string, now: number, ports: TellPorts): Promise<void> {
  for (let forms = 0; forms < mostForms; forms += 1) {
    const [kept] = await ports.store.read([id]);
    const edit = kept?.outbox.edit;
    if (!kept || !edit || edit.notBefore > (forms === 0 ? now : ports.clock())) return;
    const told = await tellEdit(kept, edit, ports);
    if (told.kind !== 'again') return;
  }
}

/** Whether the ones behind it may go: notices of one watch stay in order. */
export async function tellNotice(id: string, key: string, ports: TellPorts): Promise<boolean> {
  for (let forms = 0; forms < mostForms; forms += 1) {
    const told = await tryNotice(id, key, ports);
    if (told === undefined || told.kind === 'told' || told.kind === 'never') return true;
    if (told.kind !== 'again') return false;
  }
  return false;
}

async function tryNotice(id: string, key: string, ports: TellPorts): Promise<Told | undefined> {
  const { store, clock } = ports;
  const begunAt = clock();
  let before: KeptNotice | undefined;
  const [kept] = await store.update([id], (current) => {
    before = current.outbox.notices.find((one) => one.key === key && isPending(one));
    if (!before) return current;
    const begun = { maybeTold: true, notBefore: begunAt + onItsWay };
    return { ...current, outbox: changeNotice(current.outbox, key, (one) => ({ ...one, ...begun })) };
  });
  if (!kept || !before) return undefined;
  const tried = before;
  const told = await tellSafely(noticeToTell(kept, tried), ports);
  const moment = momentOf(begunAt, ports);
  await commit(kept, (current) => afterNotice(current, tried, told, moment), ports);
  return told;
}

function noticeToTell({ watch }: KeptWatch, kept: KeptNotice): ToTell {
  const { queueArn, startedAt, card, cardGone, watchers } = watch;
  const { key, notice, place, maybeTold, told, form = {}, since, direct } = kept;
  const facts = { queueArn, startedAt, card, cardGone, watchers, key, notice, form, since };
  if (direct) return { kind: 'direct', ...facts, user: direct.user, doubt: maybeTold };
  return told > 0 && place
    ? { kind: 'correction', ...facts, message: place }
    : { kind: 'notice', ...facts, doubt: maybeTold };
}

async function tellEdit(kept: KeptWatch, edit: KeptEdit, ports: TellPorts): Promise<Told> {
  const begunAt = ports.clock();
  const { card } = kept.watch;
  const told = await tellSafely({ kind: 'card', card, state: edit.state, form: edit.form ?? {} }, ports);
  const moment = momentOf(begunAt, ports);
  await commit(kept, (current) => afterEdit(current, edit, told, moment), ports);
  return told;
}

function momentOf(begunAt: number, { clock, random }: TellPorts): Moment {
  return { now: clock(), begunAt, random: random() };
}

/** What has happened is said only once it is committed: the change may be tried more than once. */
async function commit(
  { watch }: KeptWatch,
  how: (kept: KeptWatch) => After,
  ports: TellPorts,
): Promise<void> {
  let after: After | undefined;
  await ports.store.update([watch.id], (current) => {
    after = how(current);
    return after.kept;
  });
  if (after?.happened) say(after.happened, watch, ports);
}

async function tellSafely(what: ToTell, { teller, log }: TellPorts): Promise<Told> {
  try {
    return await teller.tell(what);
  } catch (error) {
    log.error({ err: error, kind: what.kind }, 'telling failed unexpectedly');
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'later', because: 'trouble', maybeTold: true, why };
  }
}
