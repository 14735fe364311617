import { describe, expect, test } from 'vitest';
import { doctorJson } from '../../../src/cli/doctor-command.ts';
import { type AwsErrorKind, awsErrorKinds } from '../../../src/domain/aws-error.ts';
import type { Survey } from '../../../src/domain/discovery.ts';
import { type Check, countOf } from '../../../src/domain/doctor/check.ts';
import {
  aheadBy,
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
  redriveRoleCheck,
  redriveRolesInUse,
  roleCheck,
  roleNotTried,
  rolesInUse,
  unlistedChecks,
  whoStartedChecks,
} from '../../../src/domain/doctor/role-checks.ts';
import {
  type AppFinding,
  appChecks,
  appTokenChecks,
  botTokenChecks,
  channelChecks,
  channelsNamed,
  type Membership,
  type SlackTrouble,
  signingSecretCheck,
} from '../../../src/domain/doctor/slack-checks.ts';
import { anAwsError, aQueue, aTask, now } from '../../support/builders.ts';
import { redriveRules } from '../actions/an-action.ts';

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

  test('is compared with the time of an answer, which has no fractions of a second', () => {
    const date = new Date(now).toUTCString();
    expect([aheadBy(date, now), aheadBy(date, now + 61_000), aheadBy(date, now - 61_000)]).toEqual([
      500, -60_500, 61_500,
    ]);
    expect([aheadBy(undefined, now), aheadBy('soon', now)]).toEqual([undefined, undefined]);
  });

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
    [
      { kind: 'not-allowed', path: '/srv', owner: 1001, user: 1000 },
      /\/srv belongs to user 1001, but the bot runs as user 1000/,
    ],
    [
      { kind: 'not-allowed', path: '/srv', owner: 1000, user: 1000 },
      /The bot isn't allowed to write to \/srv\..*write permission/,
    ],
    [{ kind: 'not-allowed', path: '/srv', owner: 0 }, /The bot isn't allowed to write to \/srv\./],
    [{ kind: 'not-allowed', path: '/srv', user: 0 }, /The bot isn't allowed to write to \/srv\./],
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
      { ok: true, socket: { host: 'wss.test', code: 'PROXY_REFUSED' } },
      ['SLACK_APP_TOKEN | ok', 'Allow the proxy to connect to wss.test'],
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

  test('cannot use a token for a whole organization', () => {
    expect(lines(...botTokenChecks({ ok: false, trouble: { kind: 'org-wide' } }, url))).toEqual([
      expect.stringMatching(/^SLACK_BOT_TOKEN \| fault \|.*organization/),
    ]);
  });

  test.each<[AppFinding, string[]]>([
    [{ kind: 'seen', missing: [] }, ['app | ok']],
    [
      {
        kind: 'seen',
        missing: [
          { what: 'event app_mention', why: 'to be asked', where: 'Event Subscriptions' },
          { what: 'shortcut', why: 'to be found', where: 'Interactivity' },
        ],
      },
      [
        'event app_mention | fault | .*to be asked.*Event Subscriptions',
        'shortcut | fault | .*to be found.*Interactivity',
      ],
    ],
    [{ kind: 'no-token' }, ['app | not-proven | .*SLACK_APP_CONFIG_TOKEN']],
    [{ kind: 'no-app-id' }, ['app | not-proven | .*SLACK_APP_ID']],
    [
      { kind: 'not-shown', trouble: { kind: 'refused', code: 'token_expired' } },
      ['app | not-proven | .*(token_expired).*SLACK_APP_CONFIG_TOKEN'],
    ],
    [{ kind: 'not-shown', trouble: { kind: 'rate-limited' } }, ['app | not-proven | .*(rate-limited)']],
  ])('says about the app: %j', (finding, said) => {
    expect(lines(...appChecks(finding))).toEqual(said.map(like));
  });

  test('names each channel of the settings once, by what matters most', () => {
    const requests = aQueue({ name: 'mails-dlq', redrive: redriveRules({ channel: 'CREQ' }) });
    const queues = [
      aQueue({ channels: ['CALL', 'COPS'], notify: 'COPS' }),
      aQueue({ name: 'mails-dlq', redrive: redriveRules() }),
      { ...requests, notify: 'CREQ' },
    ];
    expect([...channelsNamed(queues, { channels: ['CALL', 'CANY'] })]).toEqual([
      ['COPS', 'notify of orders-dlq'],
      ['CREQ', 'notify of mails-dlq'],
      ['CALL', 'channels of orders-dlq'],
      ['CANY', 'access.channels'],
    ]);
    expect([...channelsNamed([requests], { channels: [] })]).toEqual([['CREQ', 'redrive.channel']]);
  });

  test.each<[Membership['answer'][], string[]]>([
    [[], []],
    [['in', 'in'], ['channels | ok | .*2 channels']],
    [['not-in'], ['channel C0 | fault | .*(notify of 0).*/invite @bot']],
    [['not-found'], ["channel C0 | fault | .*can't find it (notify of 0).*/invite @bot.*settings"]],
    [[{ code: 'missing_scope' }], ['channel C0 | not-proven | .*(missing_scope)']],
    [
      ['in', 'not-in', { code: 'ECONNRESET' }],
      ['channels | ok | .*1 channel ', 'channel C1 | fault | .*(notify of 1)', 'channel C2 | not-proven'],
    ],
  ])('says whether the bot is in its channels: %j', (answers, said) => {
    const memberships = answers.map((answer, i) => ({ channel: `C${i}`, answer }));
    const uses = new Map(memberships.map(({ channel }, i) => [channel, `notify of ${i}`]));
    expect(lines(...channelChecks(memberships, uses, 'bot'))).toEqual(said.map(like));
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

describe('a role that starts redrives', () => {
  const queue = aQueue({ redrive: redriveRules() });
  const [inUse] = redriveRolesInUse([orders, queue]);
  if (!inUse) throw new Error('no role');
  const refused = (detail: string) => line(redriveRoleCheck(inUse, no('role-refused', detail)));

  test('is that of the queues that have one', () => {
    expect(inUse).toEqual({ role: queue.redrive?.role, queues: [queue] });
    expect(redriveRolesInUse([orders])).toEqual([]);
  });

  test('can be assumed, or what it lacks is named with what prints it', () => {
    const subject = 'redrive role for prod';
    expect(line(redriveRoleCheck(inUse, yes({})))).toMatch(/^redrive role for prod \| ok/);
    expect(line(roleNotTried(inUse, 'redrive role'))).toMatch(/^redrive role for prod \| not-proven/);
    expect(refused('not authorized to perform: sts:SetSourceIdentity on resource')).toEqual(
      like(`${subject} | fault | STS refuses sts:SetSourceIdentity on .*dlq-tasks policy prod --redrive`),
    );
    expect(refused('')).toEqual(like(`${subject} | fault | STS refuses sts:AssumeRole on `));
    expect(line(redriveRoleCheck(inUse, no('unreachable')))).toEqual(
      like(`${subject} | fault | .*didn't answer`),
    );
  });
});

describe('DLQs that are not in the settings', () => {
  const place = { account: orders.account, partition: 'aws', region: 'eu-west-1' };
  const survey = (names: string[], given: Partial<Survey> = {}): Survey => ({
    ...{ place, names, isListed: true, dangling: [], unasked: 0 },
    dlqs: names.map((name) => ({ place, name, arn: aQueue({ name }).arn, sources: ['a'] })),
    ...given,
  });
  const said = (surveys: Survey[], isOver = false) =>
    lines(...unlistedChecks(orders, surveys, { queues: [orders], isOver }));

  test('are counted over all regions, and are no fault', () => {
    const us = survey(['images-dlq'], { place: { ...place, region: 'us-east-1' } });
    expect(said([survey(['orders-dlq', 'mails-dlq']), us])).toEqual([
      like('unlisted DLQs in prod | ok | 2 DLQs in eu-west-1, us-east-1.*dlq-tasks discover prod'),
    ]);
    expect(said([survey(['orders-dlq'])])).toEqual([like('unlisted DLQs in prod | ok | none in eu-west-1')]);
  });

  test('are not counted where one region may not be asked, or there was no time', () => {
    const closed = survey([], { awsError: anAwsError() });
    expect([said([survey(['mails-dlq']), closed]), said([closed])]).toEqual([[], []]);
    expect(said([survey(['mails-dlq'])], true)).toEqual([
      like('unlisted DLQs in prod | not-proven | .*dlq-tasks discover prod'),
    ]);
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

  test('of a region that is not enabled share one line, and are not told one by one', () => {
    const closed = no('credentials-invalid');
    const all = { tasks: closed, depth: closed, sources: closed };
    const inUs = aQueue({ region: 'us-east-1' });
    expect(lines(...queueChecks([of(all), of({}, mails), of(all, payments), of(all, inUs)]))).toEqual([
      like('mails-dlq (prod · eu-west-1) | ok'),
      like("2 queues in prod · eu-west-1 | fault | .*isn't enabled in account 111122223333.*(AccessDenied)"),
      like("1 queue in prod · us-east-1 | fault | .*isn't enabled"),
    ]);
    for (const partly of [
      { ...all, depth: yes({}) },
      { ...all, sources: no('access-denied') },
    ])
      expect(lines(...queueChecks([of(partly)])).join()).not.toContain("isn't enabled in account");
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
    const byAPolicy = { ok: false, awsError: anAwsError({ reason: 'an explicit deny in a queue policy' }) };
    expect(said(of(counted(no('throttled'))), of(counted(byAPolicy), payments))).toEqual([
      expect.stringMatching(
        /sqs:GetQueueAttributes.*Reason given by AWS: an explicit deny in a queue policy/,
      ),
    ]);
    expect(said(of(counted(denied)))[0]).not.toMatch(/more|Reason given/);
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
    const reason = 'an explicit deny in a service control policy';
    const byAPolicy = { ok: false as const, awsError: anAwsError({ reason }) };
    const [check] = whoStartedChecks([{ queue: followed, asked: byAPolicy }]);
    expect(check && line(check)).toContain(`Reason given by AWS: ${reason}`);
    const asked = [yes([]), no('access-denied'), no('throttled')];
    const checks = whoStartedChecks(asked.map((one) => ({ queue: followed, asked: one })));
    expect(lines(...checks)).toEqual([
      expect.stringMatching(/^CloudTrail in prod \(eu-west-1\) \| ok/),
      expect.stringMatching(/\| not-proven \|.*isn't allowed to use cloudtrail:LookupEvents.*allow it/),
      expect.stringMatching(/\| not-proven \|.*\(AccessDenied\).*CloudTrail in eu-west-1/),
    ]);
  });
});
