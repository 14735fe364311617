import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { templateAt } from './template-at.ts';

const path = fileURLToPath(new URL('../../iam/status-role.yml', import.meta.url));

const template = templateAt(path);
const { StatusRole } = template.Resources;

describe('the role for other accounts', () => {
  test('trusts by default each function in serverless.yml that reads queues', () => {
    const trusted = template.Parameters.BotRoles.Default.split(',');
    expect(trusted).toEqual(
      ['Worker', 'Watch', 'Follow', 'Action'].map((name) => `arn:*:iam::*:role/dlq-tasks-*-${name}Role-*`),
    );
  });

  test('may read queues in its account, and do nothing else', () => {
    const [policy, whoStarted, finding, ...others] = StatusRole.Properties.Policies;
    expect([whoStarted, finding].map((optional) => optional['Fn::If'][0])).toEqual([
      'SaysWhoStarted',
      'FindsQueues',
    ]);
    expect([policy.PolicyDocument.Statement, others, StatusRole.Properties.ManagedPolicyArns]).toEqual([
      [
        {
          Effect: 'Allow',
          Action: ['sqs:ListMessageMoveTasks', 'sqs:GetQueueAttributes', 'sqs:ListDeadLetterSourceQueues'],
          // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
          Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:${QueueNames}' },
        },
      ],
      [],
      undefined,
    ]);
  });

  test('may ask CloudTrail who started a redrive only if that is wanted', () => {
    const [condition, wanted, otherwise] = StatusRole.Properties.Policies[1]['Fn::If'];
    expect([template.Conditions[condition], template.Parameters.SayWhoStarted.Default]).toEqual([
      { 'Fn::Equals': [{ Ref: 'SayWhoStarted' }, 'yes'] },
      'no',
    ]);
    expect([wanted.PolicyDocument.Statement, otherwise]).toEqual([
      [{ Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' }],
      { Ref: 'AWS::NoValue' },
    ]);
  });

  test('may find queues only if that is wanted', () => {
    const [condition, wanted, otherwise] = StatusRole.Properties.Policies[2]['Fn::If'];
    expect([template.Conditions[condition], template.Parameters.FindQueues.Default]).toEqual([
      { 'Fn::Equals': [{ Ref: 'FindQueues' }, 'yes'] },
      'no',
    ]);
    expect(wanted.PolicyDocument.Statement.map(({ Action }: { Action: string }) => Action)).toEqual([
      'sqs:ListQueues',
      'sqs:GetQueueAttributes',
    ]);
    expect(otherwise).toEqual({ Ref: 'AWS::NoValue' });
  });

  test('trusts only the bot’s roles, with any required external ID, and accepts what sessions pass on', () => {
    expect(StatusRole.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Effect: 'Allow',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
        Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${BotAccountId}:root' } },
        Action: 'sts:AssumeRole',
        Condition: { ArnLike: { 'aws:PrincipalArn': { Ref: 'BotRoles' } } },
      },
      {
        Effect: 'Allow',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
        Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${BotAccountId}:root' } },
        Action: ['sts:TagSession', 'sts:SetSourceIdentity'],
        Condition: { ArnLike: { 'aws:PrincipalArn': { Ref: 'BotRoles' } } },
      },
    ]);
    const { StringEquals } = StatusRole.Properties.AssumeRolePolicyDocument.Statement[0].Condition;
    expect(StringEquals['Fn::If'][0]).toBe('AsksForExternalId');
    expect(Object.keys(StringEquals['Fn::If'][1])).toEqual(['sts:ExternalId']);
  });

  test('depends on no account or region, so that one StackSet fits all', () => {
    expect(Object.keys(template.Resources)).toEqual(['StatusRole']);
    const withoutDefault = Object.entries<object>(template.Parameters).filter(([, it]) => !('Default' in it));
    expect(withoutDefault.map(([name]) => name)).toEqual(['BotAccountId']);
    expect(template.Parameters.RoleName.Default).toBe('dlq-tasks-status');
  });
});
