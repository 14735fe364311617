import { parseQueueArn, type Queue } from '../domain/queue.ts';
import { aliasWarning } from './alias.ts';
import { contradictions } from './contradictions.ts';
import type { Fault } from './fault.ts';
import { faultsOfIssue, wrongTypeInWords } from './issue-words.ts';
import { redriveRulesOf } from './redrive-rules.ts';
import { SettingsFile } from './settings-schema.ts';
import { readYaml } from './yaml-source.ts';

/** What the operator's file says, ready for use: every queue with its account and role. */
export type Settings = Pick<SettingsFile, 'watch' | 'access'> & { queues: Queue[] };

export type ParsedSettings =
  /** `warnings`: what an operator should know, and what keeps nothing from starting. */
  { ok: true; settings: Settings; warnings: Fault[] } | { ok: false; faults: Fault[] };

/** Tells every fault of the text, in the order of its lines. */
export function parseSettings(text: string): ParsedSettings {
  const { faults, source } = readYaml(text);
  if (!source) return { ok: false, faults };
  if (source.value === null || source.value === undefined) {
    return { ok: false, faults: [source.faultAt([], 'is empty; it needs accounts and queues')] };
  }
  const file = SettingsFile.safeParse(withoutExtensions(source.value), { error: wrongTypeInWords });
  const all = [
    ...faults,
    ...(file.error?.issues ?? []).flatMap((issue) => faultsOfIssue(issue, source)),
    ...contradictions(source.value).map(({ path, message }) => source.faultAt(path, message)),
  ];
  if (file.data && all.length === 0) {
    const { watch, access } = file.data;
    const warnings = Object.keys(file.data.queues).flatMap((alias) => {
      const warning = aliasWarning(alias);
      return warning ? [source.faultAt(['queues', alias], warning)] : [];
    });
    return { ok: true, settings: { queues: queuesOf(file.data), watch, access }, warnings };
  }
  return { ok: false, faults: all.toSorted(byPlace) };
}

/** Names that begin with `x-` are the operator's own, such as what other parts of the file take over by `<<`. */
function withoutExtensions(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('x-')));
}

function byPlace(a: Fault, b: Fault): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** A queue's own role wins; the external id is its account's, since both roles are of that account. */
function queuesOf(file: SettingsFile): Queue[] {
  const { accounts, queues } = file;
  return Object.entries(queues).flatMap(([alias, entry]) => {
    const { arn, roleArn, runbook, channels = [], notify } = entry;
    const parts = parseQueueArn(arn);
    const listed = Object.entries(accounts).find(([, { id }]) => id === parts?.accountId);
    if (!parts || !listed) return [];
    const [label, account] = listed;
    const withId = account.externalId === undefined ? {} : { externalId: account.externalId };
    const role = { arn: roleArn ?? account.roleArn, ...withId };
    const redriveArn = entry.redriveRoleArn ?? account.redriveRoleArn;
    const redrive = redriveRulesOf(
      file,
      entry,
      redriveArn === undefined ? undefined : { arn: redriveArn, ...withId },
    );
    const more = { ...(runbook !== undefined && { runbook }), ...(notify !== undefined && { notify }) };
    return [
      {
        ...{ ...parts, alias, arn, account: { label, id: account.id }, role, channels, ...more },
        ...(redrive && { redrive }),
      },
    ];
  });
}
