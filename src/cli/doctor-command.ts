import {
  type Environment,
  environmentDefaults,
  parseEnvironment,
  settingsPath,
} from '../config/environment.ts';
import { type Fault, placeOfFault } from '../config/fault.ts';
import { loadSettings, type Settings } from '../config/parse-settings.ts';
import { areas, type Check, countOf, type Verdict } from '../domain/doctor/check.ts';
import type { PlacedFault, ProxySettings } from '../domain/doctor/machine-checks.ts';
import { channelsNamed } from '../domain/doctor/slack-checks.ts';
import { howMany, type Phrase, visible } from '../domain/wording.ts';
import { examine, type Patient } from '../operations/doctor/examine.ts';
import type { SlackProbe } from '../operations/doctor/ports.ts';
import { type CliCall, type CliCommand, exitCodes } from './command.ts';
import { type Paint, sentence } from './terminal.ts';

export const doctorCommand: CliCommand = {
  name: 'doctor',
  usage: '',
  gives: 'checks that everything the bot needs works, and changes nothing',
  details: [
    "Run it where the bot runs, with the bot's environment and settings.",
    '✓ works, ✗ is wrong (with the fix below), – could not be checked from here.',
    'The exit code is 1 if anything is wrong.',
  ],
  words: [0, 0],
  options: { json: { type: 'boolean', gives: 'as JSON, for scripts' } },
  examples: ['doctor', 'doctor --json | jq ".checks[] | select(.verdict != \\"ok\\")"'],
  run: doctor,
};

async function doctor(call: CliCall): Promise<number> {
  const { out, options, ports } = call;
  const patient = await patientOf(call);
  const aws = await ports.awsProbe();
  const checks = await examine({ ...patient, aws }).finally(aws.stop);
  const shown = options['json'] ? JSON.stringify(doctorJson(checks), null, 2) : doctorText(checks, out.paint);
  out.write(`${shown}\n`);
  return countOf(checks, 'fault') === 0 ? exitCodes.ok : exitCodes.error;
}

async function patientOf(call: CliCall): Promise<Omit<Patient, 'aws'>> {
  const { env, ports } = call;
  const path = settingsPath(env);
  const loaded = await loadSettings(path);
  const settings = loaded.ok ? loaded.settings : undefined;
  const queues = settings?.queues ?? [];
  const good = environmentAsFarAsGood(env);
  const slack = await slackProbeFor(call, good, settings);
  return {
    settingsPath: path,
    settings: loaded.ok ? { ok: true, queues } : { ok: false, faults: loaded.faults.map(placedIn(path)) },
    environmentFaults: good.faults.map(placedIn('environment')),
    proxy: proxyOf(call),
    channels: settings ? channelsNamed(queues, settings.access) : new Map(),
    region: queues[0]?.region ?? (env['AWS_REGION'] || 'us-east-1'),
    dataFolder: good.dataFolder,
    mode: good.mode?.kind,
    ...(slack && { slack }),
    folder: ports.folderProbe,
  };
}

/** Undefined if the token or the address is missing or wrong. */
async function slackProbeFor(
  { env, ports }: CliCall,
  { mode, botToken, slackApiUrl }: GoodPart,
  settings: Settings | undefined,
): Promise<SlackProbe | undefined> {
  if (botToken === undefined || slackApiUrl === undefined) return undefined;
  return ports.slackProbe({
    botToken,
    apiUrl: slackApiUrl,
    ...(mode?.kind === 'socket' && { appToken: mode.appToken }),
    ...(env['SLACK_APP_CONFIG_TOKEN'] && { configToken: env['SLACK_APP_CONFIG_TOKEN'] }),
    ...(env['SLACK_APP_ID'] && { appId: env['SLACK_APP_ID'] }),
    usesUserGroups: settings !== undefined && namesUserGroups(settings),
  });
}

function namesUserGroups({ access, queues }: Settings): boolean {
  const ofRedrives = queues.flatMap(({ redrive }) =>
    redrive ? [redrive.requesters, ...(redrive.approvers ? [redrive.approvers] : [])] : [],
  );
  return [access, ...ofRedrives].some(({ userGroups }) => userGroups.length > 0);
}

/** The names that Node reads, in its order. */
function proxyOf({ env, ports }: CliCall): ProxySettings {
  const setTo = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  return { https: setTo('HTTPS_PROXY'), exceptions: setTo('NO_PROXY'), isUsed: ports.behindProxy };
}

function placedIn(where: string): (fault: Fault) => PlacedFault {
  return (fault) => {
    const isVariable = where === 'environment' && fault.path !== '';
    return { subject: isVariable ? fault.path : placeOfFault(where, fault), message: fault.message };
  };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables that are valid, even if others are wrong. */
type GoodPart = Pick<Environment, 'dataFolder'> &
  Partial<Pick<Environment, 'mode' | 'botToken' | 'slackApiUrl'>>;

/** Placeholders for missing variables, so that the rest can be parsed. They are never used. */
const standIns = { SLACK_BOT_TOKEN: 'xoxb-stand-in', SLACK_SIGNING_SECRET: 'stand-in' };

function environmentAsFarAsGood(env: Variables): GoodPart & { faults: Fault[] } {
  const parsed = parseEnvironment(env);
  if (parsed.ok) return { ...parsed.environment, faults: [] };
  const faulty = parsed.faults.map(({ path }) => path);
  const good = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => value !== '' && !faulty.includes(name)),
  );
  const again = parseEnvironment({ ...standIns, ...good });
  const { faults } = parsed;
  if (!again.ok) return { faults, dataFolder: environmentDefaults.dataFolder };
  const { mode, botToken, slackApiUrl, dataFolder } = again.environment;
  const isModeGood = !faulty.includes('SLACK_SIGNING_SECRET') && !faulty.includes('SLACK_APP_TOKEN');
  return {
    faults,
    dataFolder,
    ...(isModeGood && { mode }),
    ...(!faulty.includes('SLACK_BOT_TOKEN') && { botToken }),
    ...(!faulty.includes('SLACK_API_URL') && { slackApiUrl }),
  };
}

const marks = {
  ok: ['green', '✓'],
  fault: ['red', '✗'],
  'not-proven': ['yellow', '–'],
} as const satisfies Record<Verdict, unknown>;

/** More working queues than this share one line, so that faults stay visible. */
const goodQueuesShown = 20;
const widestSubject = 40;

/** A table: one line for each check, and a remedy below what isn't right. */
export function doctorText(checks: readonly Check[], paint: Paint): string {
  const sections = areas.flatMap((area) => {
    const ofArea = checks.filter((check) => check.area === area);
    return ofArea.length === 0 ? [] : [[paint('bold', area), ...rowsOf(ofArea, paint)].join('\n')];
  });
  return [...sections, summaryOf(checks, paint)].join('\n\n');
}

function rowsOf(checks: readonly Check[], paint: Paint): string[] {
  const good = checks.filter(({ area, verdict }) => area === 'Queues' && verdict === 'ok');
  const isFolded = good.length > goodQueuesShown;
  const shown = isFolded ? checks.filter((check) => !good.includes(check)) : checks;
  const width = Math.min(widestSubject, Math.max(...shown.map(({ subject }) => visible(subject).length), 0));
  const folded = `${mark('ok', paint)} ${good.length} queues: redrives and message counts are readable`;
  return [...(isFolded ? [`  ${folded}`] : []), ...shown.map((check) => rowOf(check, width, paint))];
}

function rowOf(check: Check, width: number, paint: Paint): string {
  const subject = visible(check.subject).padEnd(width);
  const row = `  ${mark(check.verdict, paint)} ${subject}  ${sentence(check.finding, paint)}`;
  return check.verdict === 'ok' ? row : `${row}\n      → ${sentence(check.remedy, paint)}`;
}

function mark(verdict: Verdict, paint: Paint): string {
  const [color, shown] = marks[verdict];
  return paint(color, shown);
}

function summaryOf(checks: readonly Check[], paint: Paint): string {
  const faults = countOf(checks, 'fault');
  const open = countOf(checks, 'not-proven');
  const rest = open === 0 ? '' : ` ${open} not checked.`;
  if (faults > 0) return `${paint('red', `${howMany(faults, 'problem')}.`)}${rest}`;
  return `${paint('green', 'No problems found.')}${rest}`;
}

export function doctorJson(checks: readonly Check[]) {
  return {
    ok: countOf(checks, 'fault') === 0,
    faults: countOf(checks, 'fault'),
    notProven: countOf(checks, 'not-proven'),
    checks: checks.map((check) => ({
      area: check.area,
      subject: check.subject,
      verdict: check.verdict,
      finding: plain(check.finding),
      ...(check.verdict !== 'ok' && { remedy: plain(check.remedy) }),
    })),
  };
}

function plain(said: Phrase): string {
  return sentence(said, (_, text) => text);
}
