import { about, areas, type Check } from '../../domain/doctor/check.ts';
import {
  clockCheck,
  faultChecks,
  folderCheck,
  type Offset,
  type PlacedFault,
  type ProxySettings,
  proxyChecks,
} from '../../domain/doctor/machine-checks.ts';
import { rolesInUse } from '../../domain/doctor/role-checks.ts';
import {
  appChecks,
  appTokenChecks,
  botTokenChecks,
  channelChecks,
  signingSecretCheck,
} from '../../domain/doctor/slack-checks.ts';
import type { Queue } from '../../domain/queue.ts';
import { howMany, phrase } from '../../domain/wording.ts';
import { examineAws } from './examine-aws.ts';
import type { AwsProbe, FolderProbe, SlackProbe } from './ports.ts';

export type Patient = {
  /** Path of the settings file. */
  settingsPath: string;
  settings: { ok: true; queues: readonly Queue[] } | { ok: false; faults: readonly PlacedFault[] };
  environmentFaults: readonly PlacedFault[];
  proxy: ProxySettings;
  /** Those that the settings name, and what for. */
  channels: ReadonlyMap<string, string>;
  /** The region of STS for GetCallerIdentity. */
  region: string;
  dataFolder: string;
  /** How Slack reaches the bot; undefined if neither secret is set. */
  mode: 'http' | 'socket' | undefined;
  /** Absent: there is no token, or no address. */
  slack?: SlackProbe;
  aws: AwsProbe;
  folder: FolderProbe;
};

/** Checks everything that the bot needs, as far as it can, and changes nothing. In the order of a report. */
export async function examine(patient: Patient): Promise<Check[]> {
  const queues = patient.settings.ok ? patient.settings.queues : [];
  const [slack, aws, folder] = await Promise.all([
    examineSlack(patient),
    examineAws(queues, patient.region, patient.aws),
    patient.folder(patient.dataFolder),
  ]);
  const checks = [
    ...settingsChecks(patient),
    ...environmentChecks(patient.environmentFaults),
    ...proxyChecks(patient.proxy),
    ...slack.checks,
    ...aws.checks,
    clockCheck([...slack.offsets, ...aws.offsets]),
    folderCheck(patient.dataFolder, folder),
  ];
  return checks.toSorted((a, b) => areas.indexOf(a.area) - areas.indexOf(b.area));
}

function settingsChecks({ settings, settingsPath }: Patient): Check[] {
  if (!settings.ok) {
    return [
      ...faultChecks('Settings', settings.faults, 'Correct it. docs/settings.md shows all settings.'),
      about('Queues', 'roles and queues').unproven(
        phrase`Not checked: the settings have errors.`,
        phrase`Fix the settings first.`,
      ),
    ];
  }
  const { length } = settings.queues;
  const roles = rolesInUse(settings.queues).length;
  const size = `${howMany(length, 'queue')}, ${howMany(roles, 'role')}`;
  return [about('Settings', settingsPath).ok([size])];
}

function environmentChecks(faults: readonly PlacedFault[]): Check[] {
  if (faults.length === 0)
    return [about('Environment', 'variables').ok(phrase`all required variables are set`)];
  return faultChecks('Environment', faults, "Correct it where the process's environment is set.");
}

type SlackExamination = { checks: Check[]; offsets: Offset[] };

async function examineSlack({ slack, mode, channels }: Patient): Promise<SlackExamination> {
  const secret = mode === 'http' ? [signingSecretCheck()] : [];
  if (!slack) {
    const finding = phrase`Not checked: the environment has errors.`;
    return {
      checks: [about('Slack', 'tokens').unproven(finding, phrase`Fix the environment first.`), ...secret],
      offsets: [],
    };
  }
  const [bot, app] = await Promise.all([slack.botToken(), slack.appToken?.()]);
  const { apiUrl } = slack;
  const ofTokens = [...botTokenChecks(bot.found, apiUrl), ...(app ? appTokenChecks(app, apiUrl) : [])];
  const ofApp = bot.found.ok ? await examineApp(slack, bot.found.botName, channels) : [];
  // A scope that the app lacks is one that the token lacks.
  const isSaid = (check: Check) => ofTokens.some(({ subject }) => subject === check.subject);
  return {
    checks: [...ofTokens, ...secret, ...ofApp.filter((check) => !isSaid(check))],
    offsets: bot.aheadMs === undefined ? [] : [{ of: 'Slack', aheadMs: bot.aheadMs }],
  };
}

async function examineApp(
  slack: SlackProbe,
  botName: string,
  channels: ReadonlyMap<string, string>,
): Promise<Check[]> {
  const [app, memberships] = await Promise.all([slack.app(), slack.memberships([...channels.keys()])]);
  return [...appChecks(app), ...channelChecks(memberships, channels, botName)];
}
