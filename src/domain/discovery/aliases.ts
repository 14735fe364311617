import type { Queue } from '../queue.ts';
import { loosened, namesOf } from '../queue-reference.ts';
import type { FoundDlq } from './survey.ts';

/** From what people call it to what no other can be called. */
function candidatesOf({ name, place: { account, region } }: FoundDlq): string[] {
  return [name, `${name}-${region}`, `${account.label}-${name}`, `${account.label}-${name}-${region}`];
}

const longestStem = 70;

/** An alias for each, by its ARN: the queue's name, and more where that would mean several. */
export function aliasesFor(
  found: readonly FoundDlq[],
  listed: readonly Queue[],
  isGood: (alias: string) => boolean,
): Map<string, string> {
  const taken = new Set(listed.flatMap(namesOf).map(loosened));
  const names = Map.groupBy(found, ({ name }) => loosened(name));
  const aliases = new Map<string, string>();
  const give = (dlq: FoundDlq, alias: string) => {
    taken.add(loosened(alias));
    aliases.set(dlq.arn, alias);
  };
  const meansAnother = (dlq: FoundDlq, alias: string) =>
    names.get(loosened(alias))?.some((other) => other !== dlq) ?? false;

  for (const level of [0, 1, 2, 3]) {
    const open = found
      .filter(({ arn }) => !aliases.has(arn))
      .map((dlq) => ({ dlq, alias: candidatesOf(dlq)[level] ?? '' }));
    const alike = Map.groupBy(open, ({ alias }) => loosened(alias));
    for (const { dlq, alias } of open) {
      const isOnlyOne = alike.get(loosened(alias))?.length === 1 && !meansAnother(dlq, alias);
      if (isOnlyOne && isGood(alias) && !taken.has(loosened(alias))) give(dlq, alias);
    }
  }
  for (const dlq of found.filter(({ arn }) => !aliases.has(arn))) {
    const stem = `${dlq.place.account.label}-${dlq.name}`.slice(0, longestStem);
    let number = 1;
    while (taken.has(loosened(`${stem}-${number}`)) || meansAnother(dlq, `${stem}-${number}`)) number += 1;
    give(dlq, `${stem}-${number}`);
  }
  return aliases;
}
