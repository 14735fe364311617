import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { typed } from './a-terminal.ts';
import { type DoctorWorld, startDoctorWorld } from './doctor-world.ts';

let world: DoctorWorld;
beforeEach(async () => {
  world = await startDoctorWorld([
    { label: 'prod', id: '111122223333', externalId: 'our-word', queues: ['orders-dlq', 'payments-dlq'] },
    { label: 'billing', id: '444455556666', queues: ['invoices-dlq'] },
  ]);
});
afterEach(() => world.stop());

const policy = (...words: string[]) => typed(['policy', ...words], { env: world.env });

describe('dlq-tasks policy', () => {
  test('prints what to paste for the role of an account and for the bot', async () => {
    const principal = 'arn:aws:iam::999900001111:role/dlq-tasks-bot';
    const { code, out, err } = await policy('prod', '--principal', principal);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "Trust policy for arn:aws:iam::111122223333:role/dlq-tasks-status
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Principal": {
              "AWS": "arn:aws:iam::999900001111:role/dlq-tasks-bot"
            },
            "Action": "sts:AssumeRole",
            "Condition": {
              "StringEquals": {
                "sts:ExternalId": "our-word"
              }
            }
          },
          {
            "Effect": "Allow",
            "Principal": {
              "AWS": "arn:aws:iam::999900001111:role/dlq-tasks-bot"
            },
            "Action": [
              "sts:TagSession",
              "sts:SetSourceIdentity"
            ]
          }
        ]
      }

      Permissions for arn:aws:iam::111122223333:role/dlq-tasks-status
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Action": [
              "sqs:ListMessageMoveTasks",
              "sqs:GetQueueAttributes",
              "sqs:ListDeadLetterSourceQueues"
            ],
            "Resource": [
              "arn:aws:sqs:eu-west-1:111122223333:orders-dlq",
              "arn:aws:sqs:eu-west-1:111122223333:payments-dlq"
            ]
          }
        ]
      }

      Optional, for the source queue's depth on cards: more permissions for arn:aws:iam::111122223333:role/dlq-tasks-status
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Action": "sqs:GetQueueAttributes",
            "Resource": "arn:aws:sqs:*:111122223333:*"
          }
        ]
      }

      Optional, for dlq-tasks discover: more permissions for arn:aws:iam::111122223333:role/dlq-tasks-status
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Action": "sqs:ListQueues",
            "Resource": "*"
          },
          {
            "Effect": "Allow",
            "Action": "sqs:GetQueueAttributes",
            "Resource": "arn:aws:sqs:*:111122223333:*"
          }
        ]
      }

      Permissions to add to arn:aws:iam::999900001111:role/dlq-tasks-bot
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Action": [
              "sts:AssumeRole",
              "sts:TagSession",
              "sts:SetSourceIdentity"
            ],
            "Resource": [
              "arn:aws:iam::111122223333:role/dlq-tasks-status"
            ]
          }
        ]
      }
      "
    `);
    expect(world.aws.requests).toEqual([]);
  });

  test('asks STS whose keys these are, and says so with the policies', async () => {
    const { code, out, err } = await policy('billing', '--json', '--all-queues');
    expect({ code, err, ...JSON.parse(out) }).toEqual({
      code: 0,
      err: 'These credentials belong to arn:aws:iam::999900001111:user/dlq-tasks. If that is not the bot, name the bot with --principal.\n\n',
      account: 'billing',
      principal: 'arn:aws:iam::999900001111:user/dlq-tasks',
      roles: [
        {
          roleArn: 'arn:aws:iam::444455556666:role/dlq-tasks-status',
          trust: expect.objectContaining({
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::999900001111:user/dlq-tasks' },
                Action: 'sts:AssumeRole',
              },
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::999900001111:user/dlq-tasks' },
                Action: ['sts:TagSession', 'sts:SetSourceIdentity'],
              },
            ],
          }),
          permissions: expect.objectContaining({
            Statement: [expect.objectContaining({ Resource: 'arn:aws:sqs:*:444455556666:*' })],
          }),
          sourceDepth: expect.objectContaining({
            Statement: [expect.objectContaining({ Action: 'sqs:GetQueueAttributes' })],
          }),
          discovery: expect.objectContaining({
            Statement: [
              expect.objectContaining({ Action: 'sqs:ListQueues' }),
              expect.objectContaining({ Action: 'sqs:GetQueueAttributes' }),
            ],
          }),
        },
      ],
      botPermissions: expect.objectContaining({ Version: '2012-10-17' }),
    });
  });

  test.each([
    [['prd'], 'The settings list no account "prd" with queues. Did you mean prod?'],
    [
      ['elsewhere'],
      'The settings list no account "elsewhere" with queues. Listed with queues: prod, billing.',
    ],
    [
      ['prod', '--principal', 'me'],
      '"me" is not the ARN of a role or user, such as arn:aws:iam::999900001111:role/dlq-tasks-bot.',
    ],
  ])('%j is answered with what is wrong', async (words, said) => {
    expect(await policy(...words)).toEqual({
      code: 2,
      out: '',
      err: `${said}\nSee: dlq-tasks policy --help\n`,
    });
  });

  test('says what to do when STS does not answer', async () => {
    world.aws.faults.add({ kind: 'error', service: 'STS', status: 403, code: 'InvalidClientTokenId' });
    expect(await policy('prod')).toEqual({
      code: 1,
      out: '',
      err: "AWS rejected the bot's own credentials: InvalidClientTokenId, We encountered an internal error. Please try again. Name the bot's identity with --principal.\n",
    });
  });

  test('reports all faults of the settings at once', async () => {
    await world.writeSettings({ ...world.settings, acess: {}, watch: { minPollSeconds: 0 } });
    const { code, out, err } = await policy('prod');
    expect({ code, out, err: err.replaceAll(world.folder, '…') }).toEqual({
      code: 1,
      out: '',
      err: [
        'The settings have errors:',
        '…/dlq-tasks.yml:13 acess: is not a setting; did you mean access?',
        '…/dlq-tasks.yml:15 watch.minPollSeconds: must be a whole number from 1 to 900',
        '',
      ].join('\n'),
    });
  });
});
