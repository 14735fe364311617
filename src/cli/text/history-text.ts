import { actionInHistory, cameBack, nothingRemembered, pastRedriveInWords } from '../../domain/history.ts';
import type { HistoryEntry } from '../../operations/history/history.ts';
import { actionJson } from './actions-text.ts';
import { type Paint, sentence } from './paint.ts';
import { isoTime } from './times.ts';

export function historyText(entries: readonly HistoryEntry[], paint: Paint): string {
  if (entries.length === 0) return sentence(nothingRemembered, paint);
  return entries.map((entry) => sentence(inWords(entry), paint)).join('\n');
}

function inWords(entry: HistoryEntry) {
  return entry.kind === 'redrive' ? pastRedriveInWords(entry.redrive, entry) : actionInHistory(entry.action);
}

/** For scripts: fields are added, never renamed. Times are ISO 8601 in UTC. */
export function entryJson(entry: HistoryEntry) {
  if (entry.kind === 'action') return actionJson(entry.action);
  const { redrive, start } = entry;
  const { queueArn, task, startedHere, startedElsewhere, left, highest } = redrive;
  const { requester, decider, reason } = startedHere ?? start ?? {};
  return {
    kind: entry.kind,
    queueArn,
    startedAt: isoTime(redrive.startedAt),
    /** When the bot first saw that it had ended. */
    endedBy: isoTime(redrive.endedBy),
    status: task.statusText,
    moved: task.moved,
    toMove: task.toMove,
    failureReason: task.failureReason,
    messagesPerSecond: task.customRate,
    destinationArn: task.destinationArn,
    leftInDlq: left,
    highestInDlq: highest,
    cameBack: cameBack(redrive),
    requester,
    decider,
    reason,
    startedElsewhere,
    card: redrive.card && { channel: redrive.card.channel, ts: redrive.card.ts },
  };
}
