import { explainFolderTrouble, type FolderTrouble } from '../folder-trouble.ts';
import { phrase } from '../phrase.ts';
import { durationInWords } from '../quantities.ts';
import { type Area, type Check, isOpen, isRight, isWrong } from './check.ts';

/** One fault of settings or environment; `subject` is its place, `message` goes on from there. */
export type PlacedFault = { subject: string; message: string };

export function faultChecks(area: Area, faults: readonly PlacedFault[], remedy: string): Check[] {
  return faults.map(({ subject, message }) => isWrong(area, subject, [message], [remedy]));
}

/** How far another clock is ahead of ours. */
export type Offset = { of: string; aheadMs: number };

/** Slack's requests and AWS's signatures are refused beyond five minutes; a clock that is kept is never off by one. */
const tolerableMs = 60_000;

export function clockCheck(offsets: readonly Offset[]): Check {
  const worst = offsets.toSorted((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs))[0];
  if (!worst) {
    return isOpen(
      'Clock',
      'own clock',
      phrase`Neither Slack nor AWS answered with the time.`,
      phrase`Run this again once one of them answers.`,
    );
  }
  const minutes = Math.round(Math.abs(worst.aheadMs) / 60_000);
  const names = offsets.map(({ of }) => of).join(' and ');
  if (Math.abs(worst.aheadMs) < tolerableMs) {
    return isRight('Clock', 'own clock', [`agrees with ${names}`]);
  }
  const side = worst.aheadMs > 0 ? 'behind' : 'ahead of';
  return isWrong(
    'Clock',
    'own clock',
    [`It is ${durationInWords(minutes * 60_000)} ${side} the clock of ${worst.of}.`],
    phrase`Let this machine's clock be kept by NTP. Beyond 5 minutes Slack's requests and AWS's answers fail.`,
  );
}

/** What was found where the watches are kept, without touching it. */
export type FolderFinding =
  | { kind: 'ready' }
  /** It would be made at start, in this folder. */
  | { kind: 'not-there-yet'; parent: string }
  /** Some process has the file of watches open. */
  | { kind: 'in-use' }
  | FolderTrouble;

export function folderCheck(folder: string, finding: FolderFinding): Check {
  switch (finding.kind) {
    case 'ready':
      return isRight('Data folder', folder, phrase`can be written to, and nobody uses it`);
    case 'not-there-yet':
      return isRight(
        'Data folder',
        folder,
        phrase`is not there yet; the bot can make it in ${finding.parent}`,
      );
    case 'in-use':
      return isOpen(
        'Data folder',
        folder,
        phrase`A process uses it: right if that is this bot, already running.`,
        phrase`If it is another one, stop that, or give this bot a folder of its own (DLQ_TASKS_DATA).`,
      );
    default: {
      const { meaning, remedy } = explainFolderTrouble(finding, folder);
      return isWrong('Data folder', folder, meaning, remedy);
    }
  }
}
