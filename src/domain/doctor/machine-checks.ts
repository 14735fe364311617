import { explainFolderTrouble, type FolderTrouble } from '../folder-trouble.ts';
import { phrase } from '../phrase.ts';
import { durationInWords } from '../quantities.ts';
import { type Area, type Check, faultCheck, okCheck, unprovenCheck } from './check.ts';

/** One fault in the settings or the environment; `subject` is its place, and `message` continues from there. */
export type PlacedFault = { subject: string; message: string };

export function faultChecks(area: Area, faults: readonly PlacedFault[], remedy: string): Check[] {
  return faults.map(({ subject, message }) => faultCheck(area, subject, [message], [remedy]));
}

/** How far another clock is ahead of ours. `of`: whose clock. */
export type Offset = { of: string; aheadMs: number };

/** Slack's and AWS's signatures fail beyond five minutes; a synchronized clock is never off by one. */
const tolerableMs = 60_000;

export function clockCheck(offsets: readonly Offset[]): Check {
  const worst = offsets.toSorted((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs))[0];
  if (!worst) {
    return unprovenCheck(
      'Clock',
      'clock',
      phrase`Neither Slack nor AWS sent a time to compare with.`,
      phrase`Run this again when one of them answers.`,
    );
  }
  const minutes = Math.round(Math.abs(worst.aheadMs) / 60_000);
  const names = offsets.map(({ of }) => of).join(' and ');
  if (Math.abs(worst.aheadMs) < tolerableMs) {
    return okCheck('Clock', 'clock', [`agrees with ${names}`]);
  }
  const side = worst.aheadMs > 0 ? 'behind' : 'ahead of';
  return faultCheck(
    'Clock',
    'clock',
    [`It is ${durationInWords(minutes * 60_000)} ${side} the clock of ${worst.of}.`],
    phrase`Synchronize this machine's clock with NTP. If it is off by more than 5 minutes, requests from Slack and to AWS fail.`,
  );
}

export type FolderFinding =
  | { kind: 'ready' }
  /** The bot would create it at startup, in this folder. */
  | { kind: 'not-there-yet'; parent: string }
  /** A process has the file of watches open. */
  | { kind: 'in-use' }
  | FolderTrouble;

export function folderCheck(folder: string, finding: FolderFinding): Check {
  switch (finding.kind) {
    case 'ready':
      return okCheck('Data folder', folder, phrase`writable and not in use`);
    case 'not-there-yet':
      return okCheck(
        'Data folder',
        folder,
        phrase`doesn't exist yet; the bot can create it in ${finding.parent}`,
      );
    case 'in-use':
      return unprovenCheck(
        'Data folder',
        folder,
        phrase`A process is using it. That's fine if it's this bot, already running.`,
        phrase`If it's another process, stop it, or give this bot its own folder (DLQ_TASKS_DATA).`,
      );
    default: {
      const { meaning, remedy } = explainFolderTrouble(finding, folder);
      return faultCheck('Data folder', folder, meaning, remedy);
    }
  }
}
