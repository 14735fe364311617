import { writeFile } from 'node:fs/promises';
import { settingsPath } from '../config/environment.ts';
import {
  type Comparison,
  compare,
  type Place,
  type PlacesToAsk,
  placesToAsk,
  type Survey,
} from '../domain/discovery.ts';
import { identityCheck } from '../domain/doctor/role-checks.ts';
import { howMany, messageOf } from '../domain/wording.ts';
import { discoverAsRoleOrOneself } from '../operations/discover-queues.ts';
import { type CliCall, type CliCommand, CliError, type Discovery, exitCodes, UsageError } from './command.ts';
import { differences, newEntries, surveyNotes, textWith } from './discovered-settings.ts';
import { type KnownSettings, settingsIfAny } from './settings.ts';
import { sentence } from './terminal.ts';

export const discoverCommand: CliCommand = {
  name: 'discover',
  usage: '[account…]',
  gives: 'finds the DLQs in your accounts and prints settings entries for them',
  details: [
    "<account> is a label in the settings, or the ID of an account that isn't listed yet. Without it,",
    'it searches all accounts in the settings, each with its role; without settings, the account of your',
    'own credentials. A DLQ is a queue that another queue names in its redrive policy.',
    "The exit code is 1 if something couldn't be listed, and with --check also if the settings differ.",
  ],
  words: [0, 100],
  options: {
    region: {
      type: 'string',
      value: 'region',
      multiple: true,
      gives: 'search this region instead of those of listed queues or AWS_REGION',
    },
    write: { type: 'boolean', gives: 'add missing queues to the settings file, or create it' },
    check: { type: 'boolean', gives: "only report DLQs that aren't listed and entries whose queue is gone" },
    'role-name': {
      type: 'string',
      value: 'name',
      gives: "the role to use in accounts that aren't listed yet (dlq-tasks-status)",
    },
  },
  examples: [
    'discover --write',
    'discover prod --region eu-west-1 --region us-east-1',
    'discover 444455556666 --role-name sqs-reader --write',
    'discover --check',
  ],
  async run(call) {
    const aws = await call.ports.discovery();
    return discover(call, aws).finally(aws.stop);
  },
};

/** With more queues than this, it takes long enough to say so first. */
const manyQueues = 100;

export async function discover(call: CliCall, aws: Discovery): Promise<number> {
  const { options, err } = call;
  if (options['write'] && options['check']) throw new UsageError('Use --write or --check, not both.');
  const known = await settingsIfAny(call);
  const { places, newAccounts, ownAccountId } = await where(call, known, aws);
  const onListed = ({ account, region }: Place, count: number) => {
    if (!err.isTty || count < manyQueues) return;
    err.write(`${account.label} in ${region}: ${count} queues to check, 20 per second\n`);
  };
  const surveys = await Promise.all(
    places.map((place) => discoverAsRoleOrOneself(place, aws.directory, { ownAccountId, onListed })),
  );
  const found = compare(surveys, known.queues);
  const notes = surveyNotes(surveys, err.paint);
  if (notes.length > 0) err.write(`${notes.join('\n')}\n`);
  const isWhole = surveys.every(({ awsError }) => awsError === undefined);
  if (options['check']) return check(call, found, isWhole);
  await propose(call, known, { surveys, found, newAccounts });
  return isWhole ? exitCodes.ok : exitCodes.error;
}

const regionPattern = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

async function where(call: CliCall, known: KnownSettings, aws: Discovery) {
  const { options, err, words } = call;
  const regions = [options['region'] ?? []].flat().map(String);
  const wrong = regions.find((region) => !regionPattern.test(region));
  if (wrong !== undefined) throw new UsageError(`"${wrong}" is not a region. Use one such as eu-west-1.`);
  const roleName = options['role-name'] ?? 'dlq-tasks-status';
  if (typeof roleName !== 'string' || !/^[\w+=,.@-]{1,64}$/.test(roleName)) {
    throw new UsageError(`"${String(roleName)}" is not a role name. Use the part after role/.`);
  }
  const ownRegion = await aws.ownRegion();
  const { found: identity } = await aws.identity(
    ownRegion ?? regions[0] ?? known.queues[0]?.region ?? 'us-east-1',
  );
  if (!identity.ok) {
    const check = identityCheck(identity);
    const remedy = check.verdict === 'ok' ? [] : check.remedy;
    throw new CliError(`${sentence(check.finding, err.paint)} ${sentence(remedy, err.paint)}`);
  }
  const [, partition = 'aws', , , accountId = ''] = identity.value.arn.split(':');
  const own = { accountId, partition };
  const { accounts, queues } = known;
  const asked = placesToAsk({ accounts, queues, words, regions, roleName, own, ownRegion });
  if ('wrong' in asked) throw new UsageError(asked.wrong);
  return { ...asked, ownAccountId: accountId };
}

function check({ out }: CliCall, found: Comparison, isWhole: boolean): number {
  const lines = differences(found);
  if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  else if (isWhole) out.write(`The settings are up to date: ${howMany(found.listed, 'DLQ')}.\n`);
  return lines.length === 0 && isWhole ? exitCodes.ok : exitCodes.error;
}

type Finding = { surveys: readonly Survey[]; found: Comparison } & Pick<PlacesToAsk, 'newAccounts'>;

/** Entries go to stdout, ready to paste, or into the file. Everything about them goes to stderr. */
async function propose(call: CliCall, known: KnownSettings, finding: Finding): Promise<void> {
  const { out, err, options, env } = call;
  const path = settingsPath(env);
  const { found } = finding;
  const entries = newEntries(finding.found, known, finding.newAccounts);
  if (found.missing.length === 0) {
    err.write(nothingToAdd(finding));
    return;
  }
  const text = textWith(known, entries, path);
  if (options['write']) {
    await writeFile(path, text).catch((error: unknown) => {
      throw new CliError(`Can't write ${path}: ${messageOf(error)}`);
    });
    out.write(
      `${known.text === undefined ? 'Created' : 'Added to'} ${path}: ${howMany(found.missing.length, 'DLQ')}.\n`,
    );
  } else {
    out.write(known.text === undefined ? text : entries.text);
    err.write(`${howMany(found.missing.length, 'DLQ')} not in ${path} yet; --write adds them.\n`);
  }
  for (const { label, role } of entries.accounts) {
    err.write(
      `${label} will be read with ${role.arn}. To create that role, run: dlq-tasks policy ${label}\n`,
    );
  }
}

function nothingToAdd({ surveys, found }: Finding): string {
  if (found.listed > 0) return `Nothing to add: ${howMany(found.listed, 'DLQ')}, all listed.\n`;
  if (surveys.some(({ awsError }) => awsError !== undefined)) return 'Found nothing.\n';
  return 'Nothing to add: no queue there names a DLQ in its redrive policy. Use --region to search elsewhere.\n';
}
