import { expect, test } from 'vitest';
import { doctorJson } from '../../../src/cli/text/doctor-text.ts';
import { roleCheck, rolesInUse } from '../../../src/domain/doctor/role-checks.ts';
import { anAwsError, aQueue } from '../../support/builders.ts';

const user =
  'User: arn:aws:iam::999900001111:user/bot is not authorized to perform: sts:AssumeRole on resource: arn';
const identity = { ok: true, value: { arn: 'arn:aws:iam::999900001111:user/bot' } } as const;

test.each([
  [
    `${user} because no identity-based policy allows the sts:AssumeRole action`,
    "The bot's own identity may not use sts:AssumeRole",
    "Allow it in the policy of the bot's own identity.",
  ],
  [
    `${user} because no resource-based policy allows the sts:AssumeRole action`,
    'The trust policy of',
    'See that it names arn:aws:iam::999900001111:user/bot and wants no external id',
  ],
  [
    `${user} with an explicit deny in a service control policy`,
    'A service control policy denies sts:AssumeRole',
    'Take the deny out',
  ],
  [
    `${user} with an explicit deny in a permissions boundary`,
    'A permissions boundary denies sts:AssumeRole',
    'Take the deny out',
  ],
  [
    user,
    'STS refuses',
    'Check that the role exists, that its trust policy names arn:aws:iam::999900001111:user/bot',
  ],
])('the reason is told as far as AWS tells it: %s', (detail, finding, remedy) => {
  const [inUse] = rolesInUse([aQueue()]);
  if (!inUse) throw new Error('no role');
  const awsError = anAwsError({ kind: 'role-refused', service: 'STS', action: 'sts:AssumeRole', detail });
  const [said] = doctorJson([roleCheck(inUse, { ok: false, awsError }, identity)]).checks;
  expect(said).toEqual({
    area: 'AWS',
    subject: 'role of prod',
    verdict: 'fault',
    finding: expect.stringContaining(finding),
    remedy: expect.stringContaining(remedy),
  });
});

test('one role with two external ids is two roles to assume', () => {
  const role = { arn: 'arn:aws:iam::111122223333:role/status' };
  const queues = [
    aQueue({ role }),
    aQueue({ role: { ...role, externalId: 'a' } }),
    aQueue({ role: { ...role } }),
  ];
  expect(rolesInUse(queues).map((inUse) => inUse.queues.length)).toEqual([2, 1]);
});
