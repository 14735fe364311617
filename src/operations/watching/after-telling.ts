import { type Moment, nextTry } from '../../domain/delivery.ts';
import {
  changeNotice,
  dropNotice,
  isEnd,
  isFinalEdit,
  isPending,
  type KeptEdit,
  type KeptNotice,
  type KeptWatch,
  overtakenBy,
  withDirects,
} from '../../domain/watch/outbox.ts';
import type { Told } from './teller.ts';

/** What an operator may have to know of it: said once it is committed. */
export type Happened =
  | { what: 'put off' | 'dropped'; notice: KeptNotice; why: string }
  | { what: 'overtaken'; notices: readonly KeptNotice[] }
  | { what: 'edit put off' | 'edit dropped' | 'card gone'; edit: KeptEdit; why: string };

export type After = { kept: KeptWatch; happened?: Happened };

/** What becomes of a watch's outbox by the delivery result of a notice. Pure, since a commit may be tried again. */
export function afterNotice(kept: KeptWatch, tried: KeptNotice, told: Told, moment: Moment): After {
  const { key, maybeTold } = tried;
  switch (told.kind) {
    case 'told':
      return delivered(kept, tried, told, moment.now);
    case 'wait':
      return { kept: changed(kept, key, { maybeTold, notBefore: moment.now + told.afterMs }) };
    case 'again':
      return { kept: changed(kept, key, { maybeTold, notBefore: moment.now, form: told.form }) };
    case 'later':
      return putOff(kept, tried, told, moment);
    case 'never':
      return dropped(kept, tried, told.why);
  }
}

type Later = Extract<Told, { kind: 'later' }>;

function putOff(kept: KeptWatch, tried: KeptNotice, told: Later, moment: Moment): After {
  const next = nextTry(tried, told, moment);
  if (!next) return dropped(kept, tried, told.why);
  const maybeTold = tried.maybeTold || told.maybeTold;
  const later = changeNotice(kept.outbox, tried.key, (one) => ({
    ...one,
    ...next,
    notBefore: told.maybeTold ? Math.max(next.notBefore, one.notBefore) : next.notBefore,
    maybeTold,
  }));
  const isForWatchers = told.because === 'channel-closed' && tried.told === 0 && !tried.direct;
  const outbox = isForWatchers ? withDirects(later, tried, kept.watch.watchers, moment.now) : later;
  // To be asked to wait is nothing out of the ordinary.
  const isNews = (tried.failures === 0 && told.because !== 'rate-limited') || outbox !== later;
  return {
    kept: { ...kept, outbox },
    ...(isNews && { happened: { what: 'put off', notice: tried, why: told.why } }),
  };
}

function delivered(
  kept: KeptWatch,
  tried: KeptNotice,
  { found, message }: Extract<Told, { kind: 'told' }>,
  now: number,
): After {
  const { key, version } = tried;
  const told = changeNotice(kept.outbox, key, ({ failing: _, ...one }) => ({
    ...one,
    // Found after a crash, it may say less than what was decided since: then it is corrected next.
    told: found && message ? 1 : version,
    maybeTold: false,
    notBefore: now,
    failures: 0,
    ...(message && { place: message }),
  }));
  const overtaken = isEnd(tried) && !tried.direct ? overtakenBy(told, key) : [];
  const outbox = overtaken.map((one) => one.key).reduce(dropNotice, withoutDirectsOf(told, key));
  return {
    kept: tidied({ ...kept, outbox }, key),
    ...(overtaken.length > 0 && { happened: { what: 'overtaken', notices: overtaken } }),
  };
}

/** What stands in the channel need not be told in private any more. */
function withoutDirectsOf(outbox: KeptWatch['outbox'], key: string): KeptWatch['outbox'] {
  return { ...outbox, notices: outbox.notices.filter(({ direct }) => direct?.of !== key) };
}

/**
 * Only how it ended can be corrected later, and only where it is known to stand. A direct message is remembered for as
 * long as it might be sent again.
 */
function tidied(kept: KeptWatch, key: string): KeptWatch {
  const { watch, outbox } = kept;
  const done = outbox.notices.find((one) => one.key === key);
  const isInPlace = done?.place !== undefined && !done.direct;
  const keep =
    (isInPlace && done.notice.kind === 'ended' && watch.phase !== 'over') ||
    (isInPlace && isPending(done)) ||
    outbox.notices.some((one) => one.key === done?.direct?.of && isPending(one));
  return keep ? kept : { ...kept, outbox: dropNotice(outbox, key) };
}

function dropped(kept: KeptWatch, tried: KeptNotice, why: string): After {
  const outbox = dropNotice(kept.outbox, tried.key);
  const notices = outbox.notices.filter((one) => one.direct?.of !== tried.key || isPending(one));
  return {
    kept: { ...kept, outbox: { ...outbox, notices } },
    happened: { what: 'dropped', notice: tried, why },
  };
}

function changed(kept: KeptWatch, key: string, changes: Partial<KeptNotice>): KeptWatch {
  return { ...kept, outbox: changeNotice(kept.outbox, key, (one) => ({ ...one, ...changes })) };
}

/** A progress edit that was not taken for so long is of no use: the next look brings a newer one. */
const progressOutlives = 10 * 60_000;

/** What becomes of a watch's outbox by the delivery result of an edit of its card. Pure, too. */
export function afterEdit(kept: KeptWatch, tried: KeptEdit, told: Told, moment: Moment): After {
  const { edit } = kept.outbox;
  if (!edit) return { kept };
  const withEdit = (next: KeptEdit | undefined) => ({ ...kept, outbox: { ...kept.outbox, edit: next } });
  const newer = edit.version === tried.version ? undefined : edit;
  switch (told.kind) {
    case 'told':
      return { kept: withEdit(newer && withoutFailures(newer)) };
    case 'wait':
      return { kept: withEdit({ ...edit, notBefore: moment.now + told.afterMs }) };
    case 'again':
      return { kept: withEdit(newer ?? { ...edit, notBefore: moment.now, form: told.form }) };
    case 'later':
      return editPutOff(withEdit, tried, told, { edit, newer, moment });
    case 'never':
      return {
        kept: { ...withEdit(undefined), watch: { ...kept.watch, cardGone: true } },
        happened: { what: 'card gone', edit: tried, why: told.why },
      };
  }
}

function editPutOff(
  withEdit: (next: KeptEdit | undefined) => KeptWatch,
  tried: KeptEdit,
  told: Later,
  { edit, newer, moment }: { edit: KeptEdit; newer: KeptEdit | undefined; moment: Moment },
): After {
  // The end has come while this was tried: it does not wait as long as what showed progress.
  if (newer && isFinalEdit(newer) && !isFinalEdit(tried)) return { kept: withEdit(newer) };
  const next = nextTry({ ...tried, since: edit.since }, told, moment);
  const isUseless = !isFinalEdit(edit) && moment.now - edit.since > progressOutlives;
  if (!next || isUseless) {
    return { kept: withEdit(undefined), happened: { what: 'edit dropped', edit, why: told.why } };
  }
  const isNews = tried.failures === 0 && told.because !== 'rate-limited';
  return {
    kept: withEdit({ ...edit, ...next }),
    ...(isNews && { happened: { what: 'edit put off', edit, why: told.why } }),
  };
}

function withoutFailures({ failing: _, ...edit }: KeptEdit): KeptEdit {
  return { ...edit, failures: 0 };
}
