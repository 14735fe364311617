import { describe, expect, test } from 'vitest';
import { doctorJson } from '../../../src/cli/doctor-command.ts';
import { type AwsErrorKind, awsErrorKinds } from '../../../src/domain/aws-error.ts';
import { type Check, countOf } from '../../../src/domain/doctor/check.ts';
import {
  clockCheck,
  type FolderFinding,
  faultChecks,
  folderCheck,
} from '../../../src/domain/doctor/machine-checks.ts';
import { type QueueAnswer, queueChecks } from '../../../src/domain/doctor/queue-checks.ts';
import {
  followedOf,
  hasNoCredentials,
  identityCheck,
  roleCheck,
  roleNotTried,
  rolesInUse,
  whoStartedChecks,
} from '../../../src/domain/doctor/role-checks.ts';
import {
  appTokenChecks,
  botTokenChecks,
  type SlackTrouble,
  signingSecretCheck,
} from '../../../src/domain/doctor/slack-checks.ts';
import { anAwsError, aQueue, aTask } from '../../support/builders.ts';

/** Each check in one line: its subject, verdict, finding, and the remedy if there is one. */
const lines = (...checks: Check[]) =>
  doctorJson(checks).checks.map(({ subject, verdict, finding, remedy }) =>
    [subject, verdict, finding, ...(remedy === undefined ? [] : [remedy])].join(' | '),
  );
const line = (check: Check) => lines(check)[0];

/** `.*` matches what is left out; everything else is literal. */
const like = (said: string) =>
  expect.stringMatching(
    said
      .split('.*')
      .map((part) => part.replace(/[()|]/g, '\\$&'))
      .join('.*'),
  );

const yes = <T>(value: T) => ({ ok: true as const, value });
const no = (kind: AwsErrorKind, detail = '') => ({
  ok: false as const,
  awsError: anAwsError({ kind, detail }),
});

const orders = aQueue();
const payments = aQueue({ name: 'payments-dlq' });
const mails = aQueue({ name: 'mails-dlq' });
const elsewhere = aQueue({
  name: 'mails-dlq',
  accountId: '444455556666',
  account: { label: 'test', id: '444455556666' },
});

test('checks are counted by their verdict', () => {
  const checks = [signingSecretCheck(), clockCheck([]), clockCheck([])];
  expect([countOf(checks, 'ok'), countOf(checks, 'not-proven'), countOf(checks, 'fault')]).toEqual([1, 2, 0]);
});

describe('the clock', () => {
  const offsets = (...aheadMs: number[]) =>
    aheadMs.map((ms, i) => ({ of: ['Slack', 'AWS'][i] ?? '?', aheadMs: ms }));

  test.each([
    ['agrees within a minute', offsets(59_999, -59_999), /ok \| agrees with Slack and AWS$/],
    ['is wrong by a minute or more', offsets(60_000), /fault \| It is 1 min behind the clock of Slack\./],
    [
      'is ahead when others are behind',
      offsets(-90_000),
      /fault \| It is 2 min ahead of the clock of Slack\./,
    ],
    [
      'is as wrong as the worst says',
      offsets(1_000, -600_000),
      /fault \| It is 10 min ahead of the clock of AWS\./,
    ],
    ['is wrong for Slack alone', offsets(120_000, 0), /fault \| It is 2 min behind the clock of Slack\./],
    ['is not proven where nobody tells the time', [], /not-proven/],
  ])('%s', (_how, given, said) => {
    expect(line(clockCheck(given))).toMatch(said);
  });
});

test('reports each fault of the settings, with one remedy for all', () => {
  const faults = [
    { subject: 'line 3', message: 'must be an id' },
    { subject: 'line 9', message: 'is not known' },
  ];
  expect(lines(...faultChecks('Settings', faults, 'Correct it.'))).toEqual([
    'line 3 | fault | must be an id | Correct it.',
    'line 9 | fault | is not known | Correct it.',
  ]);
});

describe('the data folder', () => {
  test.each<[FolderFinding, RegExp]>([
    [{ kind: 'ready' }, /ok \|/],
    [{ kind: 'not-there-yet', parent: '/srv' }, /ok \|.*\/srv/],
    [{ kind: 'no-folder', path: '/srv/data' }, /fault \| \/srv\/data is a file.*DLQ_TASKS_DATA/],
    [
      { kind: 'not-allowed', path: '/srv/data' },
      /fault \| The bot isn't allowed to write to \/srv\/data.*DLQ_TASKS_DATA/,
    ],
    [
      { kind: 'not-allowed', path: '/srv', owner: 0, user: 1000 },
      /fault \| \/srv belongs to user 0 \(root\), but the bot runs as user 1000.*mkdir -p \/srv\/data && chown -R 1000 \/srv\/data.*DLQ_TASKS_DATA/,
    ],
    [{ kind: 'read-only', path: '/srv/data' }, /fault \| \/srv\/data .*read-only.*DLQ_TASKS_DATA/],
    [{ kind: 'disk-full', path: '/srv/data' }, /fault \| .*\/srv\/data is full.*Free/],
    [
      { kind: 'damaged', path: '/srv/data/w.sqlite', detail: 'file is not a database' },
      /fault \| \/srv\/data\/w\.sqlite is damaged \(file is not a database\)\..*backup.*beside it/,
    ],
    [{ kind: 'in-use' }, /not-proven \|.*process is using it.*DLQ_TASKS_DATA/],
    [{ kind: 'unusable', path: '/srv/data', detail: 'EIO' }, /fault \|.*EIO.*DLQ_TASKS_DATA/],
  ])('%j', (finding, said) => {
    expect(line(folderCheck('/srv/data', finding))).toMatch(said);
  });
});

describe('Slack', () => {
  const url = 'https://slack.test/api/';
  const found = { ok: true, botName: 'dlq-tasks', workspaceUrl: 'https://acme.slack.test/' } as const;

  test('accepts the token, with all scopes, without some, or with unknown ones', () => {
    const accepted = 'SLACK_BOT_TOKEN | ok | accepted by Slack: dlq-tasks in https://acme.slack.test/';
    expect(lines(...botTokenChecks({ ...found, missingScopes: [] }, url))).toEqual([
      accepted,
      expect.stringMatching(/^scopes \| ok/),
    ]);
    const missingScopes = [
      { scope: 'chat:write', why: 'to answer' },
      { scope: 'commands', why: 'to be asked' },
    ];
    expect(lines(...botTokenChecks({ ...found, missingScopes }, url))).toEqual([
      accepted,
      expect.stringMatching(/^scope chat:write \| fault \|.*to answer\./),
      expect.stringMatching(/^scope commands \| fault \|.*to be asked\./),
    ]);
    expect(lines(...botTokenChecks(found, url))).toEqual([
      accepted,
      expect.stringMatching(/^scopes \| not-proven/),
    ]);
  });

  test.each<[SlackTrouble, RegExp]>([
    [{ kind: 'refused', code: 'invalid_auth' }, /fault \| Slack rejected it \(invalid_auth\)\. \| Copy/],
    [{ kind: 'rate-limited', retryAfterSeconds: 30 }, /not-proven \|.*Try again in 30 seconds/],
    [{ kind: 'rate-limited' }, /not-proven \|.*Try again in 60 seconds/],
    [{ kind: 'unreachable', code: 'ENOTFOUND' }, /fault \|.*https:\/\/slack\.test\/api\/ \(ENOTFOUND\)/],
  ])('does not answer as it should: %j', (trouble, said) => {
    const [check = '', ...rest] = lines(...botTokenChecks({ ok: false, trouble }, url));
    expect([rest, check]).toEqual([[], expect.stringMatching(said)]);
  });

  test.each<[Parameters<typeof appTokenChecks>[0], string[]]>([
    [{ ok: true }, ['SLACK_APP_TOKEN | ok']],
    [
      { ok: true, socket: { host: 'wss.test', status: 499 } },
      ['SLACK_APP_TOKEN | ok', 'Socket Mode | ok | wss.test'],
    ],
    [
      { ok: true, socket: { host: 'wss.test', status: 500 } },
      ['SLACK_APP_TOKEN | ok', 'Socket Mode | not-proven | wss.test returned HTTP 500'],
    ],
    [
      { ok: true, socket: { host: 'wss.test', code: 'ETIMEDOUT' } },
      ['SLACK_APP_TOKEN | ok', "Socket Mode | fault | Couldn't reach wss.test (ETIMEDOUT)"],
    ],
    [
      { ok: false, trouble: { kind: 'refused', code: 'missing_scope' } },
      ["SLACK_APP_TOKEN | fault | It doesn't have the scope connections:write. | Generate"],
    ],
    [
      { ok: false, trouble: { kind: 'refused', code: 'invalid_auth' } },
      ['SLACK_APP_TOKEN | fault | Slack rejected it (invalid_auth)'],
    ],
    [
      { ok: false, trouble: { kind: 'unreachable', code: 'missing_scope' } },
      ["SLACK_APP_TOKEN | fault | Couldn't reach Slack"],
    ],
  ])("says about the app token and the socket's host: %j", (finding, said) => {
    expect(lines(...appTokenChecks(finding, url))).toEqual(said.map((one) => expect.stringContaining(one)));
  });

  test('cannot prove the signing secret before it calls', () => {
    expect(line(signingSecretCheck())).toMatch(/^SLACK_SIGNING_SECRET \| ok/);
  });
});

describe('the bot’s own identity', () => {
  test('is shown where AWS knows it', () => {
    const arn = 'arn:aws:iam::999900001111:user/bot';
    expect(line(identityCheck(yes({ arn })))).toBe(`identity | ok | the bot is ${arn}`);
  });

  test.each<[AwsErrorKind, RegExp]>([
    ['credentials-missing', /fault \| The bot has no AWS credentials.*AccessDenied.*Give/],
    ['credentials-invalid', /fault \|.*rejected the bot's own.*AccessDenied.*Check/],
    ['session-expired', /fault \|.*bot's own credentials have expired.*AccessDenied.*Renew/],
    ['clock-skewed', /fault \|.*time.*clock/],
    ['unreachable', /fault \|.*STS.*AccessDenied.*AWS_ENDPOINT_URL_STS/],
  ])('%s', (kind, said) => {
    expect(line(identityCheck(no(kind)))).toMatch(said);
  });

  test('has credentials that could assume a role, or not', () => {
    const none = awsErrorKinds.filter((kind) => hasNoCredentials(no(kind)));
    expect(none).toEqual(['session-expired', 'credentials-missing', 'credentials-invalid']);
    expect(hasNoCredentials(yes({}))).toBe(false);
  });
});

describe('a role', () => {
  const [inUse] = rolesInUse([orders]);
  if (!inUse) throw new Error('no role');
  const identity = yes({ arn: 'arn:aws:sts::999900001111:assumed-role/bot/session' });
  const refused = (
    reason: string,
    role = inUse.role,
    who: typeof identity | ReturnType<typeof no> = identity,
  ) => {
    const queues = inUse.queues.map((queue) => ({ ...queue, role })) as unknown as typeof inUse.queues;
    const awsError = anAwsError({ kind: 'role-refused', service: 'STS', action: 'sts:AssumeRole' });
    const found = { ok: false as const, awsError: reason === '' ? awsError : { ...awsError, reason } };
    return line(roleCheck({ role, queues }, found, who)) ?? '';
  };

  test('can be assumed, or was not tried', () => {
    expect(line(roleCheck(inUse, yes({}), identity))).toMatch(/^role for prod \| ok/);
    expect(line(roleNotTried(inUse))).toMatch(/^role for prod \| not-proven/);
  });

  test("can't be assumed, for the same reason that a card would give", () => {
    expect(line(roleCheck(inUse, no('unreachable'), identity))).toMatch(
      /^role for prod \| fault \|.*didn't answer/,
    );
  });

  test('has a trust policy that names the bot’s role, and the external ID where the settings have one', () => {
    const trust = 'no resource-based policy allows it';
    expect(refused(trust)).toMatch(
      /to arn:aws:iam::999900001111:role\/bot in the trust policy of .*, without an external ID/,
    );
    const withId = refused(trust, { ...inUse.role, externalId: 'secret-word' });
    expect(withId).toContain('with the external ID from the settings');
    expect(withId).not.toContain('secret-word');
    expect(refused(trust, inUse.role, no('unreachable'))).toContain(
      "to the bot's identity in the trust policy",
    );
  });

  test('has policies that one command prints', () => {
    for (const detail of ['no identity-based policy allows', 'the role trust policy', '']) {
      expect(refused(detail)).toContain('dlq-tasks policy prod');
    }
  });

  test('is denied by a policy that AWS names', () => {
    expect(refused('an explicit deny in an identity-based policy')).toMatch(
      /an explicit deny in an identity-based policy.*exempt arn:aws:iam::999900001111:role\/bot/,
    );
  });
});

describe('the queues', () => {
  const good = { tasks: yes([aTask()]), depth: yes({}), sources: yes(['orders']) };
  const of = (answer: Partial<typeof good> | object, queue = orders) =>
    ({ queue, ...good, ...answer }) as QueueAnswer;
  const subject = 'orders-dlq (prod · eu-west-1)';

  test.each<[string, object, string[]]>([
    ['can be read, and are the DLQ of one', {}, [`${subject} | ok | .*1 queue$`]],
    ['or of several', { sources: yes(['orders', 'orders-eu']) }, [`${subject} | ok | .*2 queues`]],
    ['or it cannot be seen of how many', { sources: no('access-denied') }, [`${subject} | ok | .*readable`]],
    [
      'or whether it is one, when there was never a redrive',
      { tasks: yes([]), sources: no('access-denied') },
      [
        `${subject} | ok`,
        'DLQs in prod | not-proven | .*orders-dlq is a dead-letter queue.*sqs:ListDeadLetterSourceQueues',
      ],
    ],
    ['or of one that never had a redrive', { tasks: yes([]) }, [`${subject} | ok | .*1 queue$`]],
    ['are no DLQ', { sources: yes([]) }, [`${subject} | fault | No queue uses it.*${orders.arn}`]],
    [
      'are no DLQ, as SQS says',
      { tasks: no('unsupported-operation') },
      [`${subject} | fault | No queue uses it`],
    ],
    [
      'are no DLQ, as SQS says in its words',
      { tasks: no('request-refused', 'source must be a Dead-Letter queue') },
      [`${subject} | fault | No queue uses it`],
    ],
    [
      'are refused for another reason',
      { tasks: no('request-refused', 'no') },
      [`${subject} | fault | .*rejected the request`],
    ],
    [
      'are no DLQ, as SQS says of its sources',
      { sources: no('unsupported-operation') },
      [`${subject} | fault | No queue uses it`],
    ],
    [
      'fail for one reason, which is told once',
      { tasks: no('queue-missing'), depth: no('queue-missing'), sources: no('queue-missing') },
      [`${subject} | fault | There is no queue`],
    ],
    [
      'deny two actions, each of which is told',
      { tasks: no('access-denied'), depth: no('access-denied') },
      [`${subject} | fault | .*isn't allowed to use`, `${subject} | fault | .*isn't allowed to use`],
    ],
    [
      'fail for two reasons, each of which is told',
      { tasks: no('throttled'), depth: no('unreachable') },
      [`${subject} | fault | .*throttling`, `${subject} | fault | .*didn't answer`],
    ],
    [
      'are dead letters to another failure',
      { tasks: no('unreachable', 'dead letter') },
      [`${subject} | fault | .*didn't answer`],
    ],
    ['do not tell their sources', { sources: no('throttled') }, [`${subject} | fault | .*throttling`]],
  ])('%s', (_what, answer, said) => {
    expect(lines(...queueChecks([of(answer)]))).toEqual(said.map(like));
  });

  test('whose sources may not be listed share one line per role', () => {
    const unknown = { tasks: yes([]), sources: no('access-denied') };
    const checks = lines(...queueChecks([of(unknown), of(unknown, payments), of(unknown, elsewhere)]));
    expect(checks.slice(3)).toEqual([
      expect.stringMatching(/^DLQs in prod \| not-proven \|.*2 queues, including orders-dlq/),
      expect.stringMatching(/^DLQs in test \| not-proven \|.*mails-dlq is a dead-letter queue/),
    ]);
  });

  test('have source queues that can be counted or not, in one line per role, without a fault', () => {
    const counted = (result: object) => ({ counted: result, sources: yes(['arn:of-orders']) });
    const said = (...answers: QueueAnswer[]) =>
      lines(...queueChecks(answers)).filter((line) => line.startsWith('source queues'));
    const denied = no('access-denied');
    expect(said(of({}), of({ sources: yes(['one', 'two']) }))).toEqual([]);
    expect([
      said(of(counted(yes({}))), of(counted(yes({})), payments)),
      said(of(counted(yes({}))), of(counted(denied), payments), of(counted(denied), mails)),
      said(of(counted(no('throttled')), elsewhere)),
    ]).toEqual([
      [expect.stringMatching(/^source queues in prod \| ok \| cards can show/)],
      [
        expect.stringMatching(
          /^source queues in prod \| not-proven \| .*in arn:of-orders and 1 more: .*sqs:GetQueueAttributes.*dlq-tasks policy prod/,
        ),
      ],
      [expect.stringMatching(/^source queues in test \| not-proven \| Couldn't count.*arn:of-orders/)],
    ]);
  });

  test("that couldn't be checked share one line per role, whether the role or time was missing", () => {
    const missing = (queue: typeof orders, notAsked: 'role' | 'time') => ({ queue, notAsked });
    const answers = [missing(orders, 'role'), missing(payments, 'role'), missing(elsewhere, 'time')];
    expect(lines(...queueChecks(answers))).toEqual([
      expect.stringMatching(/^2 queues in prod \| not-proven \|.*role can't be assumed.*prod/),
      expect.stringMatching(/^1 queue in test \| not-proven \|.*in time.*eu-west-1/),
    ]);
  });
});

describe('who started a redrive', () => {
  const notify = 'C0123456789';
  const followed = aQueue({ notify });

  test('is checked once for each region that has a followed queue', () => {
    const inUs = aQueue({ notify, region: 'us-east-1' });
    expect(followedOf([orders, followed, aQueue({ notify, name: 'mails-dlq' }), inUs])).toEqual([
      followed,
      inUs,
    ]);
  });

  test('is known or not; neither is a fault', () => {
    const asked = [yes([]), no('access-denied'), no('throttled')];
    const checks = whoStartedChecks(asked.map((one) => ({ queue: followed, asked: one })));
    expect(lines(...checks)).toEqual([
      expect.stringMatching(/^CloudTrail in prod \(eu-west-1\) \| ok/),
      expect.stringMatching(/\| not-proven \|.*isn't allowed to use cloudtrail:LookupEvents.*allow it/),
      expect.stringMatching(/\| not-proven \|.*\(AccessDenied\).*CloudTrail in eu-west-1/),
    ]);
  });
});
