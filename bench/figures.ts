import type { Goal } from './goals.ts';

/** `quick` proves in a few seconds that a bench runs; its figures mean little. */
type Scale = 'full' | 'quick';

export type Figure = {
  what: string;
  ours: number;
  /** The obvious alternative, measured in the same run. */
  peer?: { name: string; value: number };
  goal?: Goal | undefined;
};

export type Bench = (scale: Scale) => Promise<Figure[]>;

/** The bot and what it is compared to, as things that can be measured repeatedly. */
export type Pair = {
  what: string;
  ours: () => Promise<number>;
  peer: { name: string; value: () => Promise<number> };
  goal?: Goal | undefined;
};

/** Medians. The two take turns, again and again, so that other load on the machine affects both equally. */
export async function measureInTurn(pairs: readonly Pair[], rounds: number): Promise<Figure[]> {
  const found = pairs.map(() => ({ ours: [] as number[], peer: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { ours, peer }] of pairs.entries()) {
      found[index]?.ours.push(await ours());
      found[index]?.peer.push(await peer.value());
    }
  }
  return pairs.map(({ what, peer: { name }, goal }, index) => {
    const { ours, peer } = found[index] ?? { ours: [], peer: [] };
    return { what, goal, ours: median(ours), peer: { name, value: median(peer) } };
  });
}

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

/** NaN if there is none. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
