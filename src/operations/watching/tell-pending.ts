import {
  changeNotice,
  dropNotice,
  dueNotices,
  isFinalEdit,
  isPending,
  type KeptEdit,
  type KeptNotice,
  type KeptWatch,
} from '../../domain/watch/outbox.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Teller, Told, ToTell } from './teller.ts';
import type { WatchStore } from './watch-store.ts';

export type TellPorts = {
  store: WatchStore;
  teller: Teller;
  clock: () => number;
  random: () => number;
  log: Log;
  metrics?: Metrics;
};

const second = 1000;
const hour = 3_600 * second;
/** What could not be told for a day is of no use to anyone, save in the log. */
const noticeOutlives = 24 * hour;
/** A clock that is set forward makes nothing old that has hardly been tried. */
export const fewestTries = 20;
const editOutlives = 10 * 60 * second;
/** No longer, or people would wait for their notices long after Slack is well again. */
const longestWait = 2 * 60 * second;
/** A post whose line is gone, as after a kill, may reach the thread this much later: until then it is looked for in vain. */
const onItsWay = 3 * second;

/**
 * Tells what a watch has pending and is due, notices before the card. A notice is marked as begun before it is posted, so that
 * after a crash the next try looks for it first. One call at a time for each watch.
 */
export async function tellPending(id: string, ports: TellPorts): Promise<void> {
  const [kept] = await ports.store.read([id]);
  const now = ports.clock();
  const due = kept ? dueNotices(kept.outbox, now) : [];
  for (const { key } of due) if (!(await tellNotice(id, key, ports))) break;
  await tellCard(id, now, ports);
}

/** Edits the card, when an edit is due at `now`. */
export async function tellCard(id: string, now: number, ports: TellPorts): Promise<void> {
  const [kept] = await ports.store.read([id]);
  const edit = kept?.outbox.edit;
  if (kept && edit && edit.notBefore <= now) await tellEdit(kept, edit, ports);
}

/** Whether the ones behind it may go: notices of one watch stay in order. */
export async function tellNotice(id: string, key: string, ports: TellPorts): Promise<boolean> {
  const { store } = ports;
  let before: KeptNotice | undefined;
  const [kept] = await store.update([id], (current) => {
    before = current.outbox.notices.find((one) => one.key === key && isPending(one));
    if (!before) return current;
    const begun = { maybeTold: true, notBefore: ports.clock() + onItsWay };
    return { ...current, outbox: changeNotice(current.outbox, key, (one) => ({ ...one, ...begun })) };
  });
  if (!kept || !before) return true;
  const told = await tellSafely(noticeToTell(kept, before), ports);
  const tried = before;
  await store.update([id], (current) => afterNotice(current, tried, told, ports));
  return told.kind !== 'later';
}

function noticeToTell({ watch }: KeptWatch, { key, notice, place, maybeTold, told }: KeptNotice): ToTell {
  const { queueArn, startedAt, card, cardGone, watchers } = watch;
  const facts = { queueArn, startedAt, card, cardGone, watchers, key, notice };
  return told > 0 && place
    ? { kind: 'correction', ...facts, message: place }
    : { kind: 'notice', ...facts, doubt: maybeTold };
}

function afterNotice(kept: KeptWatch, tried: KeptNotice, told: Told, ports: TellPorts): KeptWatch {
  const { key, version } = tried;
  switch (told.kind) {
    case 'told':
      return tidied(kept, key, (one) => ({
        ...one,
        // Found after a crash, it may say less than what was decided since: then it is corrected next.
        told: told.found && told.message ? 1 : version,
        maybeTold: false,
        notBefore: ports.clock(),
        failures: 0,
        ...(told.message && { place: told.message }),
      }));
    case 'later': {
      if (ports.clock() - tried.since > noticeOutlives && tried.failures >= fewestTries)
        return dropped(kept, key, told.why, ports);
      const at = ports.clock() + waitFor(told, tried.failures, ports);
      const next = (one: KeptNotice) => ({
        ...one,
        notBefore: told.maybeTold ? Math.max(at, one.notBefore) : at,
        failures: tried.failures + 1,
        maybeTold: tried.maybeTold || told.maybeTold,
      });
      return { ...kept, outbox: changeNotice(kept.outbox, key, next) };
    }
    case 'never':
      if (told.because === 'channel-closed') return closed(kept, told.why, ports);
      return dropped(kept, key, told.why, ports);
  }
}

/** Only how it ended can be corrected later, and only where it is known to stand. */
function tidied(kept: KeptWatch, key: string, how: (one: KeptNotice) => KeptNotice): KeptWatch {
  const outbox = changeNotice(kept.outbox, key, how);
  const done = outbox.notices.find((one) => one.key === key);
  const keep = done?.notice.kind === 'ended' && done.place && kept.watch.phase !== 'over';
  return { ...kept, outbox: keep || (done?.place && isPending(done)) ? outbox : dropNotice(outbox, key) };
}

function dropped(kept: KeptWatch, key: string, why: string, { log }: TellPorts): KeptWatch {
  log.error({ watch: kept.watch.id, key, why }, 'a notice could not be told and is dropped');
  return { ...kept, outbox: dropNotice(kept.outbox, key) };
}

function closed({ watch }: KeptWatch, why: string, { log }: TellPorts): KeptWatch {
  log.warn(
    { watch: watch.id, queue: watch.queueArn, channel: watch.card.channel, why },
    'a watch ends: its channel is closed to the bot',
  );
  return { watch: { ...watch, phase: 'over' }, outbox: { notices: [] } };
}

async function tellEdit({ watch }: KeptWatch, edit: KeptEdit, ports: TellPorts): Promise<void> {
  const told = await tellSafely({ kind: 'card', card: watch.card, state: edit.state }, ports);
  await ports.store.update([watch.id], (current) => afterEdit(current, edit, told, ports));
}

function afterEdit(kept: KeptWatch, tried: KeptEdit, told: Told, ports: TellPorts): KeptWatch {
  const { edit } = kept.outbox;
  const withEdit = (next: KeptEdit | undefined): KeptWatch => ({
    ...kept,
    outbox: { ...kept.outbox, edit: next },
  });
  if (!edit) return kept;
  const rest = edit.version === tried.version ? undefined : edit;
  if (told.kind === 'told') return withEdit(rest && { ...rest, failures: 0 });
  if (told.kind === 'later') {
    const [outlives, tries] = isFinalEdit(edit) ? [noticeOutlives, fewestTries] : [editOutlives, 0];
    if (ports.clock() - edit.since > outlives && tried.failures >= tries) {
      ports.metrics?.counted({ what: 'edit dropped' });
      return withEdit(undefined);
    }
    const notBefore = ports.clock() + waitFor(told, tried.failures, ports);
    return withEdit({ ...edit, notBefore, failures: tried.failures + 1 });
  }
  ports.log.warn(
    { watch: kept.watch.id, because: told.because, why: told.why },
    'a card could not be edited',
  );
  ports.metrics?.counted({ what: 'edit dropped' });
  if (told.because === 'channel-closed') return closed(kept, told.why, ports);
  if (told.because === 'refused') return withEdit(rest);
  return { watch: { ...kept.watch, cardGone: true }, outbox: { ...kept.outbox, edit: undefined } };
}

async function tellSafely(what: ToTell, { teller, log }: TellPorts): Promise<Told> {
  try {
    return await teller.tell(what);
  } catch (error) {
    log.error({ err: error, kind: what.kind }, 'telling failed unexpectedly');
    return { kind: 'later', maybeTold: true, why: error instanceof Error ? error.message : String(error) };
  }
}

/** As Slack asks, or twice as long after each failure. */
function waitFor({ afterMs }: { afterMs?: number }, failures: number, { random }: TellPorts): number {
  const doubled = Math.min(longestWait, second * 2 ** Math.min(failures, 20)) * (0.75 + random() / 2);
  return Math.max(second, afterMs === undefined ? doubled : Math.min(afterMs, hour));
}
