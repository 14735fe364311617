import type { Goal } from './goals.ts';

/** `quick` proves in a few seconds that a bench runs; its figures mean little. */
export type Scale = 'full' | 'quick';

export type Figure = {
  what: string;
  ours: number;
  /** What one would use instead, measured in the same run. */
  peer?: { name: string; value: number };
  goal?: Goal;
};

export type Bench = (scale: Scale) => Promise<Figure[]>;

export function tableOf(figures: readonly Figure[]): string {
  const head = ['', 'dlq-tasks', 'beside', 'ratio', 'goal', 'met'];
  const rows = figures.map(({ what, ours, peer, goal }) => [
    what,
    rounded(ours),
    peer ? `${rounded(peer.value)}, ${peer.name}` : '',
    peer ? `${(ours / peer.value).toFixed(2)} ×` : '',
    goal ? inWords(goal) : '',
    goal ? (isMet(goal, ours, peer?.value) ? 'yes' : 'no') : '',
  ]);
  const rule = ['---', '--:', '---', '--:', '--:', '---'];
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function inWords(goal: Goal): string {
  if ('atMost' in goal) return `at most ${rounded(goal.atMost)}`;
  return 'ratioAtMost' in goal ? `at most ${goal.ratioAtMost} ×` : `at least ${goal.ratioAtLeast} ×`;
}

function isMet(goal: Goal, ours: number, peer = Number.NaN): boolean {
  if ('atMost' in goal) return ours <= goal.atMost;
  return 'ratioAtMost' in goal ? ours / peer <= goal.ratioAtMost : ours / peer >= goal.ratioAtLeast;
}

/** Three digits, for people. */
function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}

/** The value below which a share of the values lies; NaN when there is none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
