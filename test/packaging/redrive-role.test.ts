import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { templateAt } from './template-at.ts';

const path = fileURLToPath(new URL('../../iam/redrive-role.yml', import.meta.url));
const template = templateAt(path);
const { RedriveRole } = template.Resources;
const queues = (name: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:sqs:*:\${AWS::AccountId}:\${${name}}`,
});

describe('the role that starts and cancels', () => {
  test('may move messages from dead-letter queues, and send to the named queues', () => {
    const [policy, optional, ...others] = RedriveRole.Properties.Policies;
    expect([policy.PolicyDocument.Statement, others]).toEqual([
      [
        {
          Effect: 'Allow',
          Action: [
            'sqs:StartMessageMoveTask',
            'sqs:CancelMessageMoveTask',
            'sqs:ReceiveMessage',
            'sqs:DeleteMessage',
            'sqs:GetQueueAttributes',
          ],
          Resource: queues('DeadLetterQueues'),
        },
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queues('TargetQueues') },
      ],
      [],
    ]);
    const [condition, wanted, otherwise] = optional['Fn::If'];
    expect([condition, wanted.PolicyDocument.Statement[0].Action, otherwise]).toEqual([
      'UsesKeys',
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      { Ref: 'AWS::NoValue' },
    ]);
  });

  test("trusts only the bot’s roles, on a person's behalf, with any required external ID", () => {
    const [statement, carriedOn, ...others] = RedriveRole.Properties.AssumeRolePolicyDocument.Statement;
    expect([statement.Action, carriedOn.Action, others]).toEqual([
      'sts:AssumeRole',
      ['sts:TagSession', 'sts:SetSourceIdentity'],
      [],
    ]);
    const botsRoles = { 'aws:PrincipalArn': { Ref: 'BotRoles' } };
    expect([statement.Condition.ArnLike, carriedOn.Condition.ArnLike]).toEqual([botsRoles, botsRoles]);
    expect(statement.Condition.StringEquals['Fn::If'][0]).toBe('AsksForExternalId');
  });

  test('trusts by default only the function in serverless.yml that makes the calls', () => {
    const trusted = (role: string) =>
      patternsOf(template).some((pattern) =>
        pattern.test(`arn:aws:iam::999900001111:role/dlq-tasks-dev-${role}-1AB`),
      );
    expect(['FrontRole', 'WorkerRole', 'WatchRole', 'FollowRole', 'ActionRole'].filter(trusted)).toEqual([
      'ActionRole',
    ]);
  });
});

/** What the default of BotRoles lets in. */
function patternsOf({ Parameters }: ReturnType<typeof templateAt>): RegExp[] {
  return Parameters.BotRoles.Default.split(',').map(
    (one: string) => new RegExp(`^${one.replaceAll('*', '.*')}$`),
  );
}
