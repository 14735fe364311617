import { explainFolderTrouble, type FolderTrouble } from '../store-trouble.ts';
import { durationInWords, phrase } from '../wording.ts';
import { type Area, about, type Check } from './check.ts';

/** One fault in the settings or the environment; `subject` is its place, and `message` continues from there. */
export type PlacedFault = { subject: string; message: string };

export function faultChecks(area: Area, faults: readonly PlacedFault[], remedy: string): Check[] {
  return faults.map(({ subject, message }) => about(area, subject).fault([message], [remedy]));
}

/** How far another clock is ahead of ours. `of`: whose clock. */
export type Offset = { of: string; aheadMs: number };

/** How far another clock is ahead, by the `date` header of its answer, which is truncated to seconds. */
export function aheadBy(date: unknown, now: number): number | undefined {
  const at = Date.parse(String(date));
  return Number.isNaN(at) ? undefined : at + 500 - now;
}

/** Slack's and AWS's signatures fail beyond five minutes; a synchronized clock is never off by one. */
const tolerableMs = 60_000;

export function clockCheck(offsets: readonly Offset[]): Check {
  const { ok, fault, unproven } = about('Clock', 'clock');
  const worst = offsets.toSorted((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs))[0];
  if (!worst) {
    return unproven(
      phrase`Neither Slack nor AWS sent a time to compare with.`,
      phrase`Run this again when one of them answers.`,
    );
  }
  const minutes = Math.round(Math.abs(worst.aheadMs) / 60_000);
  const names = offsets.map(({ of }) => of).join(' and ');
  if (Math.abs(worst.aheadMs) < tolerableMs) return ok([`agrees with ${names}`]);
  const side = worst.aheadMs > 0 ? 'behind' : 'ahead of';
  return fault(
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
  const { ok, explained, unproven } = about('Data folder', folder);
  switch (finding.kind) {
    case 'ready':
      return ok(phrase`writable and not in use`);
    case 'not-there-yet':
      return ok(phrase`doesn't exist yet; the bot can create it in ${finding.parent}`);
    case 'in-use':
      return unproven(
        phrase`A process is using it. That's fine if it's this bot, already running.`,
        phrase`If it's another process, stop it, or give this bot its own folder (DLQ_TASKS_DATA).`,
      );
    default:
      return explained(explainFolderTrouble(finding, folder));
  }
}

export type ProxySettings = {
  https: string | undefined;
  exceptions: string | undefined;
  isUsed: boolean;
};

/** Undefined without proxy variables. Whether the proxy works is checked together with Slack and AWS. */
export function proxyChecks({ https, exceptions, isUsed }: ProxySettings): Check[] {
  const { ok, fault, unproven } = about('Environment', 'proxy');
  if (!isUsed && https === undefined) return [];
  if (!isUsed) {
    const finding = phrase`${'HTTPS_PROXY'} is set, but Node doesn't use it.`;
    const remedy = phrase`If you need it, set ${'NODE_USE_ENV_PROXY=1'}. Slack, Socket Mode, and AWS then go through the proxy.`;
    return [unproven(finding, remedy)];
  }
  if (https === undefined) {
    const finding = phrase`${'NODE_USE_ENV_PROXY'} is set, but ${'HTTPS_PROXY'} is not: Slack and AWS are called directly.`;
    return [unproven(finding, phrase`Set ${'HTTPS_PROXY'}, or remove the other variable.`)];
  }
  const url = URL.parse(https);
  if (!url || !/^https?:$/.test(url.protocol)) {
    const finding = phrase`${'HTTPS_PROXY'} is not a URL such as http://proxy.example.com:3128.`;
    return [fault(finding, phrase`Correct it.`)];
  }
  const beside = exceptions === undefined ? [] : phrase`, except for ${exceptions}`;
  return [ok(phrase`Slack, Socket Mode, and AWS use ${url.host}${beside}`)];
}
