import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { stringify } from 'yaml';
import { type LocalAws, startLocalAws } from '../../sandbox/aws/local-aws.ts';
import type { LocalSlack, LocalSlackOptions } from '../../sandbox/slack/local-slack.ts';
import { appToken, botToken, signingSecret, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { typed } from './a-terminal.ts';

type DoctorCheck = { subject: string; verdict: string; finding: string; remedy?: string };
type Report = { ok: boolean; faults: number; notProven: number; checks: DoctorCheck[] };

/** An account in the settings, and its actual state in AWS. */
export type GivenAccount = {
  label: string;
  id: string;
  externalId?: string;
  /** What the trust policy requires, if that differs from the settings. */
  trusts?: string;
  noRole?: true;
  /** It has a role that starts redrives: for everyone in the trust policy, or for nobody. */
  redrive?: 'trusted' | 'missing';
  denied?: string[];
  queues: string[];
};

export const redriveRoleOf = ({ id }: GivenAccount) => `arn:aws:iam::${id}:role/dlq-tasks-redrive`;

const accountOf = ({ id, externalId, redrive }: GivenAccount) => ({
  id,
  roleArn: `arn:aws:iam::${id}:role/dlq-tasks-status`,
  ...(redrive && { redriveRoleArn: redriveRoleOf({ id, label: '', queues: [] }) }),
  ...(externalId && { externalId }),
});

export const arnOf = ({ id }: GivenAccount, name: string) => `arn:aws:sqs:eu-west-1:${id}:${name}`;

/** The sandbox, with matching settings and environment. */
export async function startDoctorWorld(
  accounts: readonly GivenAccount[],
  slackOptions: Partial<LocalSlackOptions> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-doctor-'));
  const slack: LocalSlack = await startTestSlack({ appToken, ...slackOptions });
  const aws: LocalAws = await startLocalAws({
    roles: accounts.filter(({ noRole }) => !noRole).flatMap(rolesOf),
  });
  await Promise.all(
    accounts.flatMap((account) =>
      account.queues.map((name) => aws.caretaker.addQueue({ arn: arnOf(account, name) })),
    ),
  );
  await mkdir(join(folder, 'data'));
  const settingsPath = join(folder, 'dlq-tasks.yml');
  const settings = {
    accounts: Object.fromEntries(accounts.map((account) => [account.label, accountOf(account)])),
    queues: Object.fromEntries(
      accounts.flatMap((account) => account.queues.map((name) => [name, arnOf(account, name)])),
    ),
    ...(accounts.some(({ redrive }) => redrive) && { redrive: { requesters: { users: ['U0001'] } } }),
  };
  await writeFile(settingsPath, stringify(settings));
  const env: Record<string, string> = {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    DLQ_TASKS_CONFIG: settingsPath,
    DLQ_TASKS_DATA: join(folder, 'data'),
  };
  stubAws({ sqs: aws.sqsUrl, sts: aws.stsUrl, cloudTrail: aws.cloudTrailUrl });
  return {
    folder,
    slack,
    aws,
    env,
    settings,
    writeSettings: (text: unknown) => writeFile(settingsPath, stringify(text)),
    /** The doctor's report as a script gets it. */
    async examined(given: { env?: Record<string, string>; clock?: () => number } = {}) {
      const { out, err, code } = await typed(['doctor', '--json'], { env, ...given });
      if (err !== '') throw new Error(err);
      const report: Report = JSON.parse(out);
      return { ...report, code };
    },
    async stop() {
      vi.unstubAllEnvs();
      await Promise.all([slack.stop(), aws.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}
export type DoctorWorld = Awaited<ReturnType<typeof startDoctorWorld>>;

function rolesOf(account: GivenAccount) {
  const externalId = account.trusts ?? account.externalId;
  const trust = externalId === undefined ? {} : { externalId };
  return [
    { arn: accountOf(account).roleArn, ...trust, ...(account.denied && { denied: account.denied }) },
    ...(account.redrive === 'trusted'
      ? [
          {
            arn: redriveRoleOf(account),
            ...trust,
            redrives: true,
            trust: ['sts:SetSourceIdentity' as const],
          },
        ]
      : []),
  ];
}

/** The SDK's own variables, which it reads itself. */
export function stubAws({ sqs, sts, cloudTrail }: { sqs: string; sts: string; cloudTrail?: string }): void {
  const variables = {
    AWS_ENDPOINT_URL_SQS: sqs,
    AWS_ENDPOINT_URL_STS: sts,
    AWS_ENDPOINT_URL_CLOUDTRAIL: cloudTrail,
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_REGION: undefined,
    AWS_MAX_ATTEMPTS: undefined,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}
