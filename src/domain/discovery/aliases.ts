import type { Queue } from '../queue.ts';
import { namesOf, normalizedName } from '../queue-reference.ts';
import type { FoundDlq } from './survey.ts';

/** From the most natural name to the one that is unique. */
function candidatesOf({ name, place: { account, region } }: FoundDlq): string[] {
  return [name, `${name}-${region}`, `${account.label}-${name}`, `${account.label}-${name}-${region}`];
}

const longestStem = 70;

/** An alias for each queue, by ARN: the queue's name, extended where that would be ambiguous. */
export function aliasesFor(
  found: readonly FoundDlq[],
  listed: readonly Queue[],
  isGood: (alias: string) => boolean,
): Map<string, string> {
  const taken = new Set(listed.flatMap(namesOf).map(normalizedName));
  const names = Map.groupBy(found, ({ name }) => normalizedName(name));
  const aliases = new Map<string, string>();
  const give = (dlq: FoundDlq, alias: string) => {
    taken.add(normalizedName(alias));
    aliases.set(dlq.arn, alias);
  };
  const meansAnother = (dlq: FoundDlq, alias: string) =>
    names.get(normalizedName(alias))?.some((other) => other !== dlq) ?? false;

  for (const level of [0, 1, 2, 3]) {
    const open = found
      .filter(({ arn }) => !aliases.has(arn))
      .map((dlq) => ({ dlq, alias: candidatesOf(dlq)[level] ?? '' }));
    const alike = Map.groupBy(open, ({ alias }) => normalizedName(alias));
    for (const { dlq, alias } of open) {
      const isOnlyOne = alike.get(normalizedName(alias))?.length === 1 && !meansAnother(dlq, alias);
      if (isOnlyOne && isGood(alias) && !taken.has(normalizedName(alias))) give(dlq, alias);
    }
  }
  for (const dlq of found.filter(({ arn }) => !aliases.has(arn))) {
    const stem = `${dlq.place.account.label}-${dlq.name}`.slice(0, longestStem);
    let number = 1;
    while (taken.has(normalizedName(`${stem}-${number}`)) || meansAnother(dlq, `${stem}-${number}`))
      number += 1;
    give(dlq, `${stem}-${number}`);
  }
  return aliases;
}
