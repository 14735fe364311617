import { describeFaults } from '../config/fault.ts';
import { aliasFault, labelFault } from '../config/names.ts';
import { parseSettings } from '../config/parse-settings.ts';
import { type NewEntry, sectionText, withEntries } from '../config/settings-text.ts';
import {
  type AccountWithRole,
  type Comparison,
  explainSurvey,
  type FoundDlq,
  type Survey,
} from '../domain/discovery.ts';
import type { Queue } from '../domain/queue.ts';
import { namesOf, normalizedName } from '../domain/queue-reference.ts';
import { phrase, visible } from '../domain/wording.ts';
import { UsageError } from './command.ts';
import type { KnownSettings } from './settings.ts';
import { type Paint, sentence } from './terminal.ts';

type NewEntries = { accounts: readonly AccountWithRole[]; queues: readonly NewEntry[]; text: string };

export function newEntries(
  { missing }: Comparison,
  known: KnownSettings,
  newAccounts: readonly AccountWithRole[],
): NewEntries {
  const accounts = newAccounts.filter(({ id }) => missing.some(({ place }) => place.account.id === id));
  const wrong = accounts.find(({ label }) => labelFault(label) !== undefined);
  if (wrong) throw new UsageError(`"${wrong.label}" ${labelFault(wrong.label)}.`);
  const aliases = aliasesFor(missing, known.queues, (alias) => aliasFault(alias) === undefined);
  const queues = missing.map((dlq) => ({
    name: aliases.get(dlq.arn) ?? dlq.name,
    value: dlq.arn,
    comment: `DLQ of ${sourcesInWords(dlq)}`,
  }));
  const text = [
    ...(accounts.length > 0 ? [sectionText('accounts', accounts.map(entryOf))] : []),
    sectionText('queues', queues),
  ].join('');
  return { accounts, queues, text };
}

function entryOf({ label, id, role }: AccountWithRole): NewEntry {
  return { name: label, value: { id, roleArn: role.arn } };
}

const heading = '# The queues that dlq-tasks can check. docs/settings.md shows all settings.\n';

/** The text of the settings with the new entries. It throws if that would not be valid, which is a bug. */
export function textWith(known: KnownSettings, entries: NewEntries, path: string): string {
  const text =
    known.text === undefined
      ? `${heading}${entries.text}`
      : withEntries(
          withEntries(known.text, 'accounts', entries.accounts.map(entryOf)),
          'queues',
          entries.queues,
        );
  const parsed = parseSettings(text);
  if (parsed.ok) return text;
  throw new Error(`the generated settings aren't valid: ${describeFaults(path, parsed.faults)}`);
}

const sourcesShown = 5;

/** `orders, payments and 3 more` */
function sourcesInWords({ sources }: FoundDlq): string {
  const more = sources.length - sourcesShown;
  return `${sources.slice(0, sourcesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What could not be listed, with what to do, and DLQs that a redrive policy names but that do not exist. */
export function surveyNotes(surveys: readonly Survey[], paint: Paint): string[] {
  const unseen = oneForEachRole(surveys).flatMap((survey) => {
    const said = explainSurvey(survey);
    return said
      ? [`${paint('red', '✗')} ${sentence(said.meaning, paint)}`, `    → ${sentence(said.remedy, paint)}`]
      : [];
  });
  const asOneself = surveys.flatMap(({ insteadOf, place }) => {
    if (!insteadOf) return [];
    const said = phrase`${place.account.label} in ${place.region} was read with your own credentials: ${insteadOf.arn} isn't allowed to list queues there, or doesn't exist yet.`;
    return [`${paint('yellow', '–')} ${sentence(said, paint)}`];
  });
  const dangling = surveys.flatMap((survey) =>
    survey.dangling.map(
      ({ source, target }) =>
        `${paint('yellow', '–')} The DLQ of ${source} does not exist: ${paint('cyan', visible(target))}`,
    ),
  );
  return [...unseen, ...asOneself, ...dangling];
}

/** A role that cannot be assumed is named once, with all its regions. */
function oneForEachRole(surveys: readonly Survey[]): Survey[] {
  const refused = surveys.filter(({ awsError }) => awsError?.kind === 'role-refused');
  const ofAccounts = Map.groupBy(refused, ({ place }) => place.account.id);
  const folded = [...ofAccounts.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const region = [first, ...others].map(({ place }) => place.region).join(', ');
    return [{ ...first, place: { ...first.place, region } }];
  });
  return [...folded, ...surveys.filter((survey) => !refused.includes(survey))];
}

export function differences({ missing, gone }: Comparison): string[] {
  return [
    ...missing.map((dlq) => `not listed: ${dlq.arn} (DLQ of ${sourcesInWords(dlq)})`),
    ...gone.map(({ alias, arn }) => `gone: ${alias} (${arn})`),
  ];
}

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
