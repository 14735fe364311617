import { describe, expect, test } from 'vitest';
import { type AwsError, type AwsErrorKind, awsErrorKinds } from '../../src/domain/aws-error.ts';
import { awsErrorInBrief, explainAwsError } from '../../src/domain/explain-aws-error.ts';
import { type StoreTroubleKind, troubleAndRemedy, troubleInWords } from '../../src/domain/store-trouble.ts';
import { explainFailure } from '../../src/domain/task-words.ts';
import {
  cut,
  errorInWords,
  inPlainWords,
  type Phrase,
  personOf,
  phrase,
  quoted,
  shownAs,
  strong,
  timeOf,
  visible,
} from '../../src/domain/wording.ts';
import { anAwsError, aQueue } from '../support/builders.ts';

describe('an error', () => {
  const causedBy = (cause: unknown, message = '') => Object.assign(new Error(message), { cause });

  test('is said with all its causes, each once, whatever hides them', () => {
    const refused = ['::1', '127.0.0.1'].map((ip) => new Error(`connect ECONNREFUSED ${ip}`));
    expect(errorInWords(causedBy(new AggregateError([...refused, ...refused], ''), 'fetch failed'))).toBe(
      'fetch failed; connect ECONNREFUSED ::1; connect ECONNREFUSED 127.0.0.1',
    );
    expect(errorInWords({ message: 'odd', cause: { message: 'odder' }, errors: 'none' })).toBe('odd; odder');
  });

  test.each([undefined, null, 'text', 7, { message: 7 }, {}])('that says nothing: %j', (error) => {
    expect(errorInWords(error)).toBe('');
  });

  test('with circular, deep or countless causes is still said', () => {
    const circular = causedBy(undefined, 'a');
    circular.cause = circular;
    expect(errorInWords(circular)).toBe('a');
    const deep = Array.from({ length: 9 }, (_, i) => `${i}`).reduceRight<unknown>(causedBy, undefined);
    expect(errorInWords(deep)).toBe('0; 1; 2; 3; 4; 5');
    const many = Array.from({ length: 99 }, (_, i) => new Error(`${i}`));
    expect(errorInWords(new AggregateError(many)).split('; ')).toHaveLength(10);
  });
});

const queue = aQueue({ alias: 'orders' });
const { arn, name, region, accountId } = queue;
const { roleArn, action, code, detail } = anAwsError();
const said = `${code}, ${detail}`;
const namesIn = (said: Phrase) =>
  said.flatMap((one) => (typeof one === 'object' && 'name' in one ? [one.name] : []));

describe('AWS errors', () => {
  const place = ['prod', accountId];

  test.each<[AwsErrorKind, string[], string[]]>([
    ['queue-missing', [name, ...place, region], ['orders']],
    ['access-denied', [roleArn, action, name, ...place], [action, arn]],
    ['role-refused', [roleArn, ...place, action], [action, roleArn]],
    ['key-access-denied', [roleArn, name], ['kms:Decrypt']],
    ['throttled', [...place, region], []],
    ['invalid-address', [arn], ['orders']],
    ['invalid-security', [], []],
    ['unsupported-operation', [name], []],
    ['session-expired', [roleArn, ...place], []],
    ['credentials-missing', [detail], []],
    ['credentials-invalid', [roleArn, said], [region, ...place]],
    ['clock-skewed', [code], []],
    ['request-refused', [said], [arn]],
    ['unreachable', [region, said], []],
    ['aws-failed', [region, code], []],
    ['unexpected', [said], []],
  ])('%s is reported with %j, and fixed with %j', (kind, inMeaning, inRemedy) => {
    const { meaning, remedy } = explainAwsError(anAwsError({ kind }), queue);
    expect([namesIn(meaning), namesIn(remedy)]).toEqual([inMeaning, inRemedy]);
  });

  test('has a meaning of its own for each kind, in full and in brief', () => {
    const result = awsErrorKinds.map((kind) =>
      inPlainWords(explainAwsError(anAwsError({ kind }), queue).meaning),
    );
    const brief = awsErrorKinds.map((kind) => inPlainWords(awsErrorInBrief(anAwsError({ kind }))));
    const many = awsErrorKinds.length;
    expect([new Set(result).size, new Set(brief).size, brief.includes('')]).toEqual([many, many, false]);
  });

  test('names the service that was asked', () => {
    const awsError = anAwsError({ kind: 'unreachable', service: 'STS' });
    expect(inPlainWords(explainAwsError(awsError, queue).meaning)).toContain('STS');
  });

  test('mentions an external ID only if the settings have one', () => {
    const remedyFor = (externalId?: string) => {
      const role = { ...queue.role, ...(externalId !== undefined && { externalId }) };
      const awsError = anAwsError({ kind: 'role-refused', action: 'sts:AssumeRole' });
      return inPlainWords(explainAwsError(awsError, { ...queue, role }).remedy);
    };
    expect(remedyFor('secret-word')).toContain('with the external ID');
    expect(remedyFor('secret-word')).not.toContain('secret-word');
    expect(remedyFor()).not.toContain('with the external ID');
  });

  test('says whose credentials fail, and how to renew them', () => {
    const explained = (given: Partial<AwsError>) => {
      const { meaning, remedy } = explainAwsError(anAwsError(given), queue);
      return { meaning: inPlainWords(meaning), remedy: inPlainWords(remedy) };
    };
    for (const kind of ['session-expired', 'credentials-invalid'] as const) {
      expect(explained({ kind, service: 'STS' }).meaning).toContain("bot's own credentials");
      expect(explained({ kind }).meaning).toContain(roleArn);
    }
    const brief = (service: 'SQS' | 'STS') =>
      inPlainWords(awsErrorInBrief(anAwsError({ kind: 'session-expired', service })));
    expect([brief('STS'), brief('SQS')]).toEqual([
      expect.stringContaining("bot's own"),
      expect.stringContaining("role's"),
    ]);
    const noLogin = explained({ kind: 'credentials-missing', detail: 'Could not load credentials.' });
    expect(noLogin.meaning).toMatch(/: Could not load credentials\.$/);
    for (const login of ['Run aws sso login', 'run "aws login"'])
      expect(explained({ kind: 'credentials-missing', detail: login }).remedy).not.toBe(noLogin.remedy);
    expect(explained({ kind: 'credentials-missing', detail: '' }).meaning).toContain(code);
  });

  test.each([
    ['RegionDisabledException', region, true],
    ['InvalidClientTokenId', region, true],
    ['InvalidClientTokenId', undefined, false],
    ['SignatureDoesNotMatch', region, false],
  ])('for %s in %s, a region may not be active: %s', (rejected, where, named) => {
    const given = { kind: 'credentials-invalid', service: 'STS', code: rejected } as const;
    const awsError = anAwsError({ ...given, ...(where !== undefined && { region: where }) });
    expect(inPlainWords(explainAwsError(awsError, queue).remedy).includes('AWS_REGION')).toBe(named);
  });

  test('from STS are about the role, and its external ID where there is one', () => {
    const remedyFor = (externalId?: string) => {
      const role = { ...queue.role, ...(externalId !== undefined && { externalId }) };
      const awsError = anAwsError({ kind: 'request-refused', service: 'STS' });
      return explainAwsError(awsError, { ...queue, role }).remedy;
    };
    expect(namesIn(remedyFor())).toEqual([roleArn]);
    expect(inPlainWords(remedyFor())).not.toContain('external ID');
    expect(inPlainWords(remedyFor('secret-word'))).toMatch(/^(?!.*secret-word).*external ID/);
  });

  test('may come from a proxy if there is only an HTTP status', () => {
    const remedyFor = (failed: string) =>
      inPlainWords(explainAwsError(anAwsError({ kind: 'aws-failed', code: failed }), queue).remedy);
    expect([remedyFor('HTTP 502'), remedyFor('InternalError')]).toEqual([
      expect.stringContaining('proxy'),
      expect.not.stringContaining('proxy'),
    ]);
  });

  test.each<[AwsErrorKind, string, string, string[]]>([
    ['access-denied', action, 'no identity-based policy allows', [action, arn, roleArn]],
    ['access-denied', action, 'no resource-based policy allows', [action, roleArn, arn]],
    ['access-denied', action, 'an explicit deny in a service control policy', [action, roleArn]],
    ['key-access-denied', 'kms:Decrypt', 'no identity-based policy allows', ['kms:Decrypt', roleArn]],
    ['key-access-denied', 'kms:Decrypt', 'no resource-based policy allows', ['kms:Decrypt', roleArn]],
    ['role-refused', 'sts:AssumeRole', 'no resource-based policy allows', ['sts:AssumeRole', roleArn]],
    ['role-refused', 'sts:TagSession', 'no resource-based policy allows', ['sts:TagSession', roleArn]],
  ])('that are %s: the remedy for %s is about what AWS names: %s', (kind, denied, reason, named) => {
    const { meaning, remedy } = explainAwsError(anAwsError({ kind, action: denied, reason }), queue);
    expect(namesIn(remedy)).toEqual(named);
    expect(namesIn(meaning)).toContain(reason);
  });

  test('are about the external ID only where it is checked: in a trust policy, when a role is assumed', () => {
    const remedyFor = (given: Partial<AwsError>) =>
      inPlainWords(explainAwsError(anAwsError(given), queue).remedy).includes('external ID');
    const reason = 'no resource-based policy allows';
    expect([
      remedyFor({ kind: 'role-refused', action: 'sts:AssumeRole', reason }),
      remedyFor({ kind: 'role-refused', action: 'sts:TagSession', reason }),
      remedyFor({ kind: 'role-refused', action: 'sts:AssumeRole', reason: 'no session policy allows' }),
      remedyFor({ kind: 'access-denied', reason }),
    ]).toEqual([true, false, false, false]);
  });

  test('name the permission on a key that AWS denied, or else the one it takes', () => {
    const needed = (denied: string) =>
      namesIn(explainAwsError(anAwsError({ kind: 'key-access-denied', action: denied }), queue).remedy);
    expect([needed('kms:GenerateDataKey'), needed(action)]).toEqual([
      ['kms:GenerateDataKey'],
      ['kms:Decrypt'],
    ]);
  });

  test('ends after the code if AWS said nothing more', () => {
    const { meaning } = explainAwsError(anAwsError({ kind: 'unexpected', detail: '' }), queue);
    expect(inPlainWords(meaning)).toMatch(/: AccessDenied\.$/);
  });
});

describe('why a redrive failed', () => {
  const remedyFor = (reason: string | undefined) => inPlainWords(explainFailure(reason).remedy);

  test.each([
    ['CouldNotDetermineMessageSource', 'custom destination'],
    ['AWS.SimpleQueueService.NonExistentQueue', 'Create it again'],
    ['QueueDoesNotExist', 'Create it again'],
    ['KMS.AccessDenied', 'kms:GenerateDataKey'],
    ['AccessDenied', 'sqs:SendMessage'],
    ['not NotAuthorized here', 'sqs:SendMessage'],
    ['OverLimit', 'in flight|visibility timeout'],
    ['Throttling', 'lower rate'],
    ['TooManyRequests', 'lower rate'],
    ['MessageTooLong', 'maximum message size'],
    ['something else', 'accepts messages of this type'],
  ])('%s is fixed by: %s', (reason, remedy) => {
    expect(remedyFor(reason)).toMatch(new RegExp(remedy));
  });

  test('every cause has its own explanation', () => {
    const reasons = [
      'CouldNotDetermineMessageSource',
      'QueueDoesNotExist',
      'kms',
      'AccessDenied',
      'OverLimit',
    ];
    const all = [...reasons, 'Throttled', 'size', 'something else', undefined];
    const meanings = all.map((reason) => inPlainWords(explainFailure(reason).meaning));
    expect(new Set(meanings).size).toBe(all.length);
    expect(meanings).not.toContain('');
  });

  test('a missing reason is fixed like an unknown one', () => {
    expect([remedyFor(undefined), remedyFor('')]).toEqual([remedyFor('?'), remedyFor('?')]);
  });
});

describe('storage failures', () => {
  const kinds: Record<StoreTroubleKind, string> = {
    'disk-full': 'space',
    'read-only': 'writable',
    'not-writable': 'disk',
    damaged: 'backup',
    'folder-gone': 'again',
    'file-gone': 'again',
    'file-replaced': 'move it',
    'other-disk': 'mount',
    'table-unusable': 'continues on its own',
  };

  test.each(Object.entries(kinds))('%s is reported, and fixed by: %s', (given, remedy) => {
    const kind = given as StoreTroubleKind;
    const fact = troubleInWords({ kind });
    expect(fact).not.toContain(remedy);
    expect(troubleAndRemedy({ kind })).toMatch(new RegExp(`^${fact}: .*${remedy}`));
  });

  test('includes the system’s own error code', () => {
    expect(troubleInWords({ kind: 'disk-full', detail: 'ENOSPC' })).toMatch(/full \(ENOSPC\)$/);
    expect(troubleAndRemedy({ kind: 'disk-full', detail: 'ENOSPC' })).toMatch(/full \(ENOSPC\): /);
  });

  test('tells operators the path', () => {
    expect(troubleAndRemedy({ kind: 'read-only', path: '/srv/w.sqlite' })).toContain(
      '[/srv/w.sqlite]: make it',
    );
  });
});

describe('a sentence', () => {
  test('is shown in the style of its place, down to a name within strong words', () => {
    const said = phrase`${strong(...phrase`The redrive of ${'orders'}`)} began ${timeOf(7)}.`;
    const style = {
      word: (text: string) => text.toUpperCase(),
      name: (name: string) => `<${name}>`,
      person: (id: string) => `@${id}`,
    };
    const marked = { ...style, time: (ms: number) => `#${ms}`, strong: (shown: string) => `*${shown}*` };
    expect(shownAs(said, marked)).toBe('*THE REDRIVE OF <orders>* BEGAN #7.');
    expect(inPlainWords(said)).toBe('The redrive of orders began 1970-01-01 00:00 UTC.');
  });

  test('keeps names apart from its words', () => {
    expect(phrase`Try ${'orders'} ${3} times.`).toEqual([
      'Try ',
      { name: 'orders' },
      ' ',
      { name: '3' },
      ' times.',
    ]);
    expect(phrase`It is ${phrase`the role ${'x'}`}.`).toEqual([
      'It is ',
      'the role ',
      { name: 'x' },
      '',
      '.',
    ]);
  });

  test('names a person in the way of its place', () => {
    expect(phrase`Asked by ${personOf('U1')}`).toContainEqual({ person: 'U1' });
    expect(inPlainWords(phrase`Asked by ${personOf('U1')}`)).toBe('Asked by U1');
  });

  test('has no line breaks, cursor movements or reversed text of others in it', () => {
    expect(visible(' a\n\t b\u001b[2J\u202ec\u200b ')).toBe('a b [2Jc');
    expect(visible('👩\u200d💻')).toBe('👩\u200d💻');
  });

  test('cuts long words of others without breaking an emoji', () => {
    expect([cut('12345', 5), cut('123456', 5), cut('🙈🙈🙈', 3), cut('🙈🙈🙈', 2), cut('12', 0)]).toEqual([
      ...['12345', '1234…', '🙈🙈🙈', '🙈…', '…'],
    ]);
  });

  test('quotes a person’s words on one line, and not too long', () => {
    expect(quoted('a\n"b"')).toBe(String.raw`"a\n\"b\""`);
    expect(quoted('x'.repeat(120))).toBe(`"${'x'.repeat(120)}"`);
    expect(quoted('x'.repeat(121))).toBe(`"${'x'.repeat(120)}…"`);
  });
});
