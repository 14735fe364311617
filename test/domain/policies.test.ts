import { describe, expect, test } from 'vitest';
import {
  botPolicy,
  discoveryPolicy,
  isPrincipal,
  permissionsPolicy,
  principalOf,
  redrivePermissionsPolicy,
  sourceDepthPolicy,
  trustPolicy,
} from '../../src/domain/policies.ts';
import { aQueue } from '../support/builders.ts';

const bot = 'arn:aws:iam::999900001111:role/dlq-tasks-bot';
const orders = aQueue();

describe('the policies of a role', () => {
  test('trust names the bot, any external ID, and what sessions may pass on', () => {
    const carriedOn = {
      Effect: 'Allow',
      Principal: { AWS: bot },
      Action: ['sts:TagSession', 'sts:SetSourceIdentity'],
    };
    expect(trustPolicy(orders.role, bot).Statement).toEqual([
      { Effect: 'Allow', Principal: { AWS: bot }, Action: 'sts:AssumeRole' },
      carriedOn,
    ]);
    expect(trustPolicy({ ...orders.role, externalId: 'our-word' }, bot).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: bot },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'our-word' } },
      },
      carriedOn,
    ]);
  });

  test('permissions name the listed queues', () => {
    const payments = aQueue({ name: 'payments-dlq' });
    expect(permissionsPolicy([orders, payments], false).Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['sqs:ListMessageMoveTasks', 'sqs:GetQueueAttributes', 'sqs:ListDeadLetterSourceQueues'],
        Resource: [orders.arn, payments.arn],
      },
    ]);
  });

  test('permissions cover the whole account on request, or if there are too many queues for a policy', () => {
    const many = Array.from({ length: 200 }, (_, i) => aQueue({ name: `queue-${i}-dlq` }));
    const whole = ['arn:aws:sqs:*:111122223333:*'];
    expect(permissionsPolicy([orders], true).Statement.map(({ Resource }) => Resource)).toEqual(whole);
    expect(permissionsPolicy([orders, ...many], false).Statement.map(({ Resource }) => Resource)).toEqual(
      whole,
    );
  });

  test.each([
    ['to ask', permissionsPolicy],
    ['to start and cancel', redrivePermissionsPolicy],
  ] as const)(
    'permissions %s always fit into a policy, and name queues as long as they do',
    (_what, policyFor) => {
      let named = 0;
      for (let count = 1; count < 200; count += 1) {
        const [first = orders, ...others] = Array.from({ length: count }, (_, i) =>
          aQueue({ name: `queue-${i}-dlq`, notify: 'C1' }),
        );
        const policy = policyFor([first, ...others], false);
        expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6_144);
        if (Array.isArray(policy.Statement[0]?.Resource)) named = count;
      }
      expect(named).toBeGreaterThan(80);
      expect(named).toBeLessThan(199);
    },
  );

  test('that cards need for source queues, and discovery for all, are for the whole account', () => {
    const whole = 'arn:aws:sqs:*:111122223333:*';
    const said = (policy: ReturnType<typeof discoveryPolicy>) =>
      policy.Statement.map(({ Action, Resource }) => [Action, Resource]);
    expect(said(sourceDepthPolicy(orders))).toEqual([['sqs:GetQueueAttributes', whole]]);
    expect(said(discoveryPolicy(orders))).toEqual([
      ['sqs:ListQueues', '*'],
      ['sqs:GetQueueAttributes', whole],
    ]);
    expect(said(redrivePermissionsPolicy([orders], false))).toEqual([
      [expect.arrayContaining(['sqs:StartMessageMoveTask', 'sqs:CancelMessageMoveTask']), [orders.arn]],
      ['sqs:SendMessage', whole],
    ]);
  });

  test('permissions allow CloudTrail where a channel follows a queue', () => {
    const followed = aQueue({ name: 'payments-dlq', notify: 'C0123456789' });
    for (const ofAllQueues of [false, true]) {
      expect(permissionsPolicy([orders, followed], ofAllQueues).Statement[1]).toEqual({
        Effect: 'Allow',
        Action: 'cloudtrail:LookupEvents',
        Resource: '*',
      });
    }
  });

  test('the bot may assume the roles and no others', () => {
    expect(botPolicy([orders.role]).Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        Resource: [orders.role.arn],
      },
    ]);
  });
});

describe('whom a trust policy names', () => {
  test.each([
    ['arn:aws:sts::999900001111:assumed-role/dlq-tasks-bot/i-0123456789', bot],
    [
      'arn:aws-cn:sts::999900001111:assumed-role/dlq-tasks-bot/session',
      'arn:aws-cn:iam::999900001111:role/dlq-tasks-bot',
    ],
    ['arn:aws:iam::999900001111:user/people/ada', 'arn:aws:iam::999900001111:user/people/ada'],
    ['arn:aws:iam::999900001111:root', 'arn:aws:iam::999900001111:root'],
    ['arn:aws:sts::999900001111:federated-user/ada', undefined],
    ['anything', undefined],
    ['an arn:aws:sts::999900001111:assumed-role/dlq-tasks-bot/session', undefined],
    ['arn:aws:sts::999900001111:assumed-role/dlq-tasks-bot/session\nand more', undefined],
  ])('%s → %s', (caller, principal) => {
    expect(principalOf(caller)).toBe(principal);
  });

  test('is a role, a user or an account, not a session', () => {
    expect([bot, 'arn:aws:iam::999900001111:root', bot.replace('aws', 'aws-cn')].map(isPrincipal)).toEqual([
      true,
      true,
      true,
    ]);
    expect(isPrincipal(`an ${bot}`)).toBe(false);
    expect(['*', 'arn:aws:sts::999900001111:assumed-role/a/b', `${bot}"`].map(isPrincipal)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
