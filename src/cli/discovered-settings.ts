import { describeFaults } from '../config/fault.ts';
import { aliasFault, labelFault } from '../config/names.ts';
import { parseSettings } from '../config/parse-settings.ts';
import { type NewEntry, sectionText, withEntries } from '../config/settings-text.ts';
import { aliasesFor } from '../domain/discovery/aliases.ts';
import type { AccountWithRole } from '../domain/discovery/places.ts';
import type { Comparison } from '../domain/discovery/survey.ts';
import { UsageError } from './command.ts';
import type { KnownSettings } from './settings.ts';
import { sourcesInWords } from './text/discovery-text.ts';

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
