import { afterEach, describe, expect, test } from 'vitest';
import { typed } from './a-terminal.ts';
import {
  arnOf,
  type DoctorWorld,
  type GivenAccount,
  redriveRoleOf,
  startDoctorWorld,
} from './doctor-world.ts';

const prod: GivenAccount = {
  ...{ label: 'prod', id: '111122223333', externalId: 'our-word', queues: ['orders-dlq'] },
  redrive: 'trusted',
};
const billing: GivenAccount = { label: 'billing', id: '444455556666', queues: ['invoices-dlq'] };

let world: DoctorWorld;
afterEach(() => world.stop());

describe('the doctor, where redrives may be started', () => {
  test("assumes the role on someone's behalf, and starts nothing", async () => {
    world = await startDoctorWorld([prod, billing]);
    const { checks, code } = await world.examined();
    const ofRedrives = checks.filter(({ subject }) => subject.startsWith('redrive role'));
    expect({ code, ofRedrives }).toMatchObject({
      code: 0,
      ofRedrives: [
        {
          subject: 'redrive role for prod',
          verdict: 'ok',
          finding: `${redriveRoleOf(prod)} can be assumed on a person's behalf`,
        },
      ],
    });
    const asked = world.aws.requests.filter(({ role }) => role === redriveRoleOf(prod));
    expect(
      asked.map(({ action, params }) => [action, params?.['SourceIdentity'], params?.['ExternalId']]),
    ).toEqual([['AssumeRole', 'dlq-tasks-doctor', 'our-word']]);
    expect(world.aws.requests.filter(({ action }) => /Start|Cancel/.test(action))).toEqual([]);
  });

  test('says which permission is missing, and what prints it', async () => {
    world = await startDoctorWorld([{ ...prod, redrive: 'missing' }]);
    const { checks, code } = await world.examined();
    expect({ code, check: checks.find(({ subject }) => subject === 'redrive role for prod') }).toMatchObject({
      code: 1,
      check: {
        verdict: 'fault',
        finding: `STS refuses sts:AssumeRole on ${redriveRoleOf(prod)}.`,
        remedy: expect.stringContaining('dlq-tasks policy prod --redrive'),
      },
    });
  });

  test('looks for the scope that groups of requesters need, and for the bot where requests are posted', async () => {
    world = await startDoctorWorld([prod]);
    const redrive = { requesters: { userGroups: ['SONCALL'] }, channel: 'CRANDOM' };
    await world.writeSettings({ ...world.settings, redrive });
    world.slack.faults.add({ kind: 'missing-scope', scope: 'usergroups:read' });
    const { checks } = await world.examined();
    expect(checks.filter(({ verdict }) => verdict === 'fault')).toMatchObject([
      { subject: 'scope usergroups:read' },
      {
        subject: 'channel CRANDOM',
        finding: "The bot is not in it (redrive.channel) and can't post cards there.",
      },
    ]);
  });
});

describe('dlq-tasks policy --redrive', () => {
  const principal = 'arn:aws:iam::999900001111:role/dlq-tasks-bot';
  const policy = (...words: string[]) =>
    typed(['policy', ...words, '--redrive', '--principal', principal, '--json'], { env: world.env });

  test('prints who may assume the role on whose behalf, and what it may do', async () => {
    world = await startDoctorWorld([prod, billing]);
    const { out, code } = await policy('prod');
    const carriedOn = ['sts:TagSession', 'sts:SetSourceIdentity'];
    expect({ code, ...JSON.parse(out) }).toMatchObject({
      code: 0,
      roles: [
        {
          roleArn: redriveRoleOf(prod),
          trust: {
            Statement: [
              {
                Principal: { AWS: principal },
                Action: 'sts:AssumeRole',
                Condition: { StringEquals: { 'sts:ExternalId': 'our-word' } },
              },
              { Principal: { AWS: principal }, Action: carriedOn },
            ],
          },
          permissions: {
            Statement: [
              {
                Action: expect.arrayContaining(['sqs:StartMessageMoveTask', 'sqs:CancelMessageMoveTask']),
                Resource: [arnOf(prod, 'orders-dlq')],
              },
              { Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:111122223333:*' },
            ],
          },
        },
      ],
      botPermissions: {
        Statement: [{ Action: ['sts:AssumeRole', ...carriedOn], Resource: [redriveRoleOf(prod)] }],
      },
    });
  });

  test('says that an account has no such role', async () => {
    world = await startDoctorWorld([prod, billing]);
    expect(await policy('billing')).toMatchObject({
      code: 1,
      err: expect.stringContaining("The settings don't allow redrives of billing's queues"),
    });
  });
});
