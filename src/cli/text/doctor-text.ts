import { areas, type Check, countOf, type Verdict } from '../../domain/doctor/check.ts';
import { type Phrase, visible } from '../../domain/wording.ts';
import { type Paint, sentence } from './paint.ts';

const marks: Record<Verdict, string> = { ok: '✓', fault: '✗', 'not-proven': '–' };
const colors = { ok: 'green', fault: 'red', 'not-proven': 'yellow' } as const satisfies Record<
  Verdict,
  string
>;

/** More working queues than this share one line, so that faults stay visible. */
const goodQueuesShown = 20;
const widestSubject = 40;

/** A table: one line for each check, and a remedy below what isn't right. */
export function doctorText(checks: readonly Check[], paint: Paint): string {
  const sections = areas.flatMap((area) => {
    const ofArea = checks.filter((check) => check.area === area);
    return ofArea.length === 0 ? [] : [[paint('bold', area), ...rowsOf(ofArea, paint)].join('\n')];
  });
  return [...sections, summaryOf(checks, paint)].join('\n\n');
}

function rowsOf(checks: readonly Check[], paint: Paint): string[] {
  const good = checks.filter(({ area, verdict }) => area === 'Queues' && verdict === 'ok');
  const isFolded = good.length > goodQueuesShown;
  const shown = isFolded ? checks.filter((check) => !good.includes(check)) : checks;
  const width = Math.min(widestSubject, Math.max(...shown.map(({ subject }) => visible(subject).length), 0));
  const folded = `${mark('ok', paint)} ${good.length} queues: redrives and message counts are readable`;
  return [...(isFolded ? [`  ${folded}`] : []), ...shown.map((check) => rowOf(check, width, paint))];
}

function rowOf(check: Check, width: number, paint: Paint): string {
  const subject = visible(check.subject).padEnd(width);
  const row = `  ${mark(check.verdict, paint)} ${subject}  ${sentence(check.finding, paint)}`;
  return check.verdict === 'ok' ? row : `${row}\n      → ${sentence(check.remedy, paint)}`;
}

function mark(verdict: Verdict, paint: Paint): string {
  return paint(colors[verdict], marks[verdict]);
}

function summaryOf(checks: readonly Check[], paint: Paint): string {
  const faults = countOf(checks, 'fault');
  const open = countOf(checks, 'not-proven');
  const rest = open === 0 ? '' : ` ${open} not checked.`;
  if (faults > 0) return `${paint('red', faults === 1 ? '1 problem.' : `${faults} problems.`)}${rest}`;
  return `${paint('green', 'No problems found.')}${rest}`;
}

export function doctorJson(checks: readonly Check[]) {
  return {
    ok: countOf(checks, 'fault') === 0,
    faults: countOf(checks, 'fault'),
    notProven: countOf(checks, 'not-proven'),
    checks: checks.map((check) => ({
      area: check.area,
      subject: check.subject,
      verdict: check.verdict,
      finding: plain(check.finding),
      ...(check.verdict !== 'ok' && { remedy: plain(check.remedy) }),
    })),
  };
}

function plain(said: Phrase): string {
  return sentence(said, (_, text) => text);
}
