import { createAwsProbe } from '../aws/aws-probe.ts';
import type { Fault } from '../config/fault.ts';
import { loadSettings } from '../config/load-settings.ts';
import { channelsNamed } from '../domain/doctor/channel-checks.ts';
import { countOf } from '../domain/doctor/check.ts';
import type { PlacedFault } from '../domain/doctor/machine-checks.ts';
import type { ProxySettings } from '../domain/doctor/proxy-check.ts';
import { behindProxy } from '../entry/behind-proxy.ts';
import { createLog } from '../entry/log.ts';
import { examine, type Patient } from '../operations/doctor/examine.ts';
import { boltLogger } from '../slack/slack-client.ts';
import { createSlackProbe } from '../slack/slack-probe.ts';
import { examineDataFolder } from '../storage/sqlite/data-folder.ts';
import { type CliCall, type CliCommand, exitCodes } from './command.ts';
import { environmentAsFarAsGood } from './good-environment.ts';
import { settingsPath } from './settings.ts';
import { doctorJson, doctorText } from './text/doctor-text.ts';

export const doctorCommand: CliCommand = {
  name: 'doctor',
  usage: '',
  gives: 'proves before the incident that everything works, and changes nothing',
  details: [
    'Run it where the bot runs, with the environment and the settings of the bot.',
    '✓ is right, ✗ is wrong and has its remedy below, – cannot be proven from here.',
    'The exit code is 1 when anything is wrong.',
  ],
  words: [0, 0],
  options: { json: { type: 'boolean', gives: 'as JSON, for scripts' } },
  examples: ['doctor', 'doctor --json | jq ".checks[] | select(.verdict != \\"ok\\")"'],
  run: doctor,
};

async function doctor(call: CliCall): Promise<number> {
  const { out, options, clock } = call;
  const aws = createAwsProbe({ clock });
  const checks = await examine({ ...(await patientOf(call)), aws }).finally(aws.stop);
  const shown = options['json'] ? JSON.stringify(doctorJson(checks), null, 2) : doctorText(checks, out.paint);
  out.write(`${shown}\n`);
  return countOf(checks, 'fault') === 0 ? exitCodes.ok : exitCodes.error;
}

async function patientOf({ env, clock }: CliCall): Promise<Omit<Patient, 'aws'>> {
  const path = settingsPath(env);
  const loaded = await loadSettings(path);
  const queues = loaded.ok ? loaded.settings.queues : [];
  const { faults, mode, dataFolder, botToken, slackApiUrl } = environmentAsFarAsGood(env);
  const logger = boltLogger(createLog({ level: 'silent', secrets: [] }));
  const isAskable = botToken !== undefined && slackApiUrl !== undefined;
  return {
    settingsPath: path,
    settings: loaded.ok ? { ok: true, queues } : { ok: false, faults: loaded.faults.map(placedIn(path)) },
    environmentFaults: faults.map(placedIn('environment')),
    proxy: proxyOf(env),
    channels: loaded.ok ? channelsNamed(queues, loaded.settings.access) : new Map(),
    region: queues[0]?.region ?? (env['AWS_REGION'] || 'us-east-1'),
    dataFolder,
    mode: mode?.kind,
    ...(isAskable && {
      slack: createSlackProbe({
        botToken,
        apiUrl: slackApiUrl,
        logger,
        ...(mode?.kind === 'socket' && { appToken: mode.appToken }),
        ...(env['SLACK_APP_CONFIG_TOKEN'] && { configToken: env['SLACK_APP_CONFIG_TOKEN'] }),
        ...(env['SLACK_APP_ID'] && { appId: env['SLACK_APP_ID'] }),
        usesUserGroups: loaded.ok && loaded.settings.access.userGroups.length > 0,
        behindProxy,
        clock,
      }),
    }),
    folder: examineDataFolder,
  };
}

/** The names that Node knows, in the order in which it asks for them. */
function proxyOf(env: CliCall['env']): ProxySettings {
  const setTo = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  return { https: setTo('HTTPS_PROXY'), exceptions: setTo('NO_PROXY'), isUsed: behindProxy };
}

function placedIn(where: string): (fault: Fault) => PlacedFault {
  return ({ line, path, message }) => {
    if (where === 'environment' && path !== '') return { subject: path, message };
    const place = line === undefined ? where : `${where}:${line}`;
    return { subject: path === '' ? place : `${place} ${path}`, message };
  };
}
