import fc from 'fast-check';

/** The maximum length of a Slack message. */
export const longestMessage = 40_000;

export function repeated(piece: string, length = longestMessage): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/**
 * Texts for which a careless regular expression takes quadratic time: repeated pieces, with something before
 * and after them.
 */
export function aFlood(pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.constantFrom('', ...pieces);
  const bodies = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 3 });
  return fc
    .tuple(piece, bodies, bodies, piece)
    .map(([start, one, other, end]) =>
      [
        start,
        repeated(one.join(''), longestMessage / 2),
        repeated(other.join(''), longestMessage / 2),
        end,
      ].join(''),
    );
}

/** The CPU time that reading the slowest of some texts takes, in milliseconds; other processes don't add to it. */
export function slowestMs(texts: readonly string[], read: (text: string) => unknown): number {
  const times = texts.map((text) => {
    const before = process.threadCpuUsage();
    read(text);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.max(...times);
}
