import { expect, test } from 'vitest';
import { doctorJson } from '../../../src/cli/doctor-command.ts';
import { roleCheck, rolesInUse } from '../../../src/domain/doctor/role-checks.ts';
import { anAwsError, aQueue } from '../../support/builders.ts';

const identity = { ok: true, value: { arn: 'arn:aws:iam::999900001111:user/bot' } } as const;

const bot = 'arn:aws:iam::999900001111:user/bot';
const may = `Allow sts:AssumeRole to ${bot} in `;
const mayOn = 'Allow sts:AssumeRole on arn:aws:iam::111122223333:role/dlq-tasks-status in ';

test.each([
  ['no identity-based policy allows the sts:AssumeRole action', `${mayOn}the policy of ${bot}`],
  ['no resource-based policy allows the sts:AssumeRole action', `${may}the trust policy of`],
  ['no permissions boundary allows the sts:AssumeRole action', `${mayOn}the permissions boundary of ${bot}`],
  ['no session policy allows the sts:AssumeRole action', `${mayOn}the session policy of ${bot}`],
  ['no VPC endpoint policy allows the sts:AssumeRole action', `${may}the policy of the VPC endpoint`],
  [
    'an explicit deny in a service control policy',
    "Remove the deny for sts:AssumeRole from the organization's service control policies",
  ],
  [
    'an explicit deny in a resource control policy',
    "Remove the deny for sts:AssumeRole from the organization's resource control policies",
  ],
  [
    'an explicit deny in a permissions boundary',
    'Remove the deny for sts:AssumeRole from the permissions bound',
  ],
  [undefined, 'Check that the role exists, that its trust policy names arn:aws:iam::999900001111:user/bot'],
])('the reason is given as far as AWS gives it: %s', (reason, remedy) => {
  const [inUse] = rolesInUse([aQueue()]);
  if (!inUse) throw new Error('no role');
  const awsError = anAwsError({
    kind: 'role-refused',
    service: 'STS',
    action: 'sts:AssumeRole',
    ...(reason !== undefined && { reason }),
  });
  const [said] = doctorJson([roleCheck(inUse, { ok: false, awsError }, identity)]).checks;
  expect(said).toEqual({
    area: 'AWS',
    subject: 'role for prod',
    verdict: 'fault',
    finding: expect.stringContaining(reason ?? 'assume the role'),
    remedy: expect.stringContaining(remedy),
  });
});

test('one role with two external IDs counts as two roles', () => {
  const role = { arn: 'arn:aws:iam::111122223333:role/status' };
  const queues = [
    aQueue({ role }),
    aQueue({ role: { ...role, externalId: 'a' } }),
    aQueue({ role: { ...role } }),
  ];
  expect(rolesInUse(queues).map((inUse) => inUse.queues.length)).toEqual([2, 1]);
});
