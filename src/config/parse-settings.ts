import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { type Account, allows, parseQueueArn, type Queue } from '../domain/queue.ts';
import type { RedriveRules, Role } from '../domain/settings.ts';
import { quoted } from '../domain/wording.ts';
import { contradictions } from './contradictions.ts';
import type { Fault } from './fault.ts';
import { aliasWarning } from './names.ts';
import { ratesOf, SettingsFile, SettingsWithoutQueues, wrongTypeInWords } from './settings-schema.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** The operator's settings, ready for use: every queue has its account and role. */
export type Settings = Pick<SettingsFile, 'watch' | 'access'> & { queues: Queue[] };

export type ParsedSettings =
  /** `warnings`: what the operator should know; the bot starts anyway. */
  { ok: true; settings: Settings; warnings: Fault[] } | { ok: false; faults: Fault[] };

/** Reports every fault of the text, in the order of its lines. */
export function parseSettings(text: string): ParsedSettings {
  const parsed = parseFile(text, SettingsFile);
  if (!parsed.ok) return parsed;
  const { file, source } = parsed;
  const { watch, access } = file;
  const warnings = Object.keys(file.queues).flatMap((alias) => {
    const warning = aliasWarning(alias);
    return warning ? [source.faultAt(['queues', alias], warning)] : [];
  });
  return { ok: true, settings: { queues: queuesOf(file), watch, access }, warnings };
}

/** The accounts and their roles, even before any queue is listed. */
export type Accounts = { accounts: (Account & { role: Role })[]; queues: Queue[] };

export function parseAccounts(text: string): ({ ok: true } & Accounts) | { ok: false; faults: Fault[] } {
  const parsed = parseFile(text, SettingsWithoutQueues);
  if (!parsed.ok) return parsed;
  return { ok: true, accounts: accountsOf(parsed.file), queues: queuesOf(parsed.file) };
}

type Schema = typeof SettingsFile | typeof SettingsWithoutQueues;

function parseFile(
  text: string,
  schema: Schema,
): { ok: true; file: SettingsFile; source: YamlSource } | { ok: false; faults: Fault[] } {
  const { faults, source } = readYaml(text);
  if (!source) return { ok: false, faults };
  if (source.value === null || source.value === undefined) {
    return { ok: false, faults: [source.faultAt([], 'is empty; it needs accounts and queues')] };
  }
  const file = schema.safeParse(withoutExtensions(source.value), { error: wrongTypeInWords });
  const all = [
    ...faults,
    ...(file.error?.issues ?? []).flatMap((issue) => faultsOfIssue(issue, source)),
    ...contradictions(source.value).map(({ path, message }) => source.faultAt(path, message)),
  ];
  if (file.data && all.length === 0) return { ok: true, file: file.data, source };
  return { ok: false, faults: all.toSorted(byPlace) };
}

/** Names that begin with `x-` are the operator's own, for example to merge with `<<`. */
function withoutExtensions(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('x-')));
}

function byPlace(a: Fault, b: Fault): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** A queue's own role wins. The external id is always its account's, because both roles belong to that account. */
function queuesOf(file: SettingsFile): Queue[] {
  const accounts = accountsOf(file);
  return Object.entries(file.queues).flatMap(([alias, entry]) => {
    const { arn, roleArn, redriveRoleArn, runbook, channels = [], notify } = entry;
    const parts = parseQueueArn(arn);
    const owner = accounts.find(({ id }) => id === parts?.accountId);
    if (!parts || !owner) return [];
    const { role: accountRole, ...account } = owner;
    const role = { ...accountRole, ...(roleArn !== undefined && { arn: roleArn }) };
    const redriveArn = redriveRoleArn ?? file.accounts[account.label]?.redriveRoleArn;
    const redriveRole = redriveArn === undefined ? undefined : { ...accountRole, arn: redriveArn };
    const acting = redriveOf(file, entry, redriveRole);
    const more = { ...(runbook !== undefined && { runbook }), ...(notify !== undefined && { notify }) };
    return [{ ...parts, alias, arn, account, role, channels, ...more, ...acting }];
  });
}

function accountsOf({ accounts }: SettingsFile): Accounts['accounts'] {
  return Object.entries(accounts).map(([label, { id, roleArn, externalId }]) => {
    return { label, id, role: { arn: roleArn, ...(externalId !== undefined && { externalId }) } };
  });
}

/** What people may do to a queue: nothing without a `redrive` section or a role, or if its own `redrive` is off. */
function redriveOf(
  { redrive: general }: SettingsFile,
  { redrive: own, channels = [] }: SettingsFile['queues'][string],
  role: Role | undefined,
): Pick<Queue, 'redrive' | 'noRedrive'> {
  if (!general) return {};
  if (own === 'off') return { noRedrive: 'off' };
  if (!role) return { noRedrive: 'no-role' };
  const approvers = own?.approvers ?? general.approvers;
  const { channel } = general;
  // A queue limited to other channels is not shown in this one: its requests stay where they were made.
  const isSeenThere = channel !== undefined && allows(channels, channel);
  const redrive: RedriveRules = {
    role,
    requesters: own?.requesters ?? general.requesters,
    ...(approvers && { approvers }),
    messagesPerSecond: ratesOf(own?.messagesPerSecond ?? general.messagesPerSecond),
    expireAfterMinutes: general.expireAfterMinutes,
    ...(isSeenThere && { channel }),
    destinations: own?.destinations ?? [],
  };
  return { redrive };
}

/** A file that cannot be read counts as one fault. */
export async function loadSettings(path: string): Promise<ParsedSettings> {
  const file = await readFile(path, 'utf8').then(
    (text) => ({ text }),
    (error: unknown) => ({ fault: { path: '', message: whyUnreadable(error) } }),
  );
  return 'text' in file ? parseSettings(file.text) : { ok: false, faults: [file.fault] };
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT')
    return 'file not found; create it with dlq-tasks discover --write, or set DLQ_TASKS_CONFIG to another path';
  if (code === 'EISDIR') return 'this is a folder; set DLQ_TASKS_CONFIG to a file';
  if (code === 'EACCES') return "the bot isn't allowed to read this file; check its permissions";
  return `the file can't be read (${code})`;
}

function faultsOfIssue(issue: z.core.$ZodIssue, source: YamlSource): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    const said = issue.message.split('\n');
    return issue.keys.map((key, i) => source.faultAt([...issue.path, key], said[i] ?? issue.message));
  }
  return [source.faultAt(issue.path, withQuotes(issue, source) ?? issue.message)];
}

/** YAML reads 012345678901 as a number and `true` as a boolean unless they are quoted. */
function withQuotes(issue: z.core.$ZodIssue, source: YamlSource): string | undefined {
  if (issue.code !== 'invalid_type' || issue.expected !== 'string') return undefined;
  const written = source.writtenAt(issue.path);
  return written ? `must be text; put it in quotes: ${quoted(written)}` : undefined;
}
