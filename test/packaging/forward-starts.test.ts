import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { templateAt } from './template-at.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const path = pathOf('iam/forward-starts.yml');
const { Resources } = templateAt(path);

describe('the rule that forwards from other accounts', () => {
  test('forwards exactly what the bot’s own rule lets through', () => {
    const [{ eventBridge }] = templateAt(pathOf('serverless.yml')).functions[0].follow.events;
    expect(Resources.RedriveStarted.Properties.EventPattern).toEqual(eventBridge.pattern);
  });

  test('lets through what SQS accepted, with a missing or empty error code', () => {
    const { detail } = Resources.RedriveStarted.Properties.EventPattern;
    expect(detail.errorCode).toEqual([{ exists: false }, '']);
  });

  test('lets only rules of its own account and region use its role', () => {
    expect(Resources.ForwardRole.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          ArnLike: {
            'aws:SourceArn': {
              // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
              'Fn::Sub': 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*',
            },
          },
        },
      },
    ]);
  });

  test('may only put events on the bot’s bus', () => {
    expect(
      Resources.ForwardRole.Properties.Policies.map(({ PolicyDocument }: never) => PolicyDocument),
    ).toMatchObject([
      { Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: { Ref: 'BotEventBus' } }] },
    ]);
    expect(Object.keys(Resources)).toEqual(['RedriveStarted', 'ForwardRole']);
  });
});
