import { describe, expect, test } from 'vitest';
import { type AwsErrorKind, awsErrorKinds } from '../../src/domain/aws-error.ts';
import { awsErrorInBrief, explainAwsError } from '../../src/domain/explain-aws-error.ts';
import { type StoreTroubleKind, troubleAndRemedy, troubleInWords } from '../../src/domain/store-trouble.ts';
import { explainFailure } from '../../src/domain/task-words.ts';
import {
  inPlainWords,
  type Phrase,
  phrase,
  quoted,
  shownAs,
  strong,
  timeOf,
} from '../../src/domain/wording.ts';
import { anAwsError, aQueue } from '../support/builders.ts';

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

  test('quotes a person’s words on one line, and not too long', () => {
    expect(quoted('a\n"b"')).toBe(String.raw`"a\n\"b\""`);
    expect(quoted('x'.repeat(120))).toBe(`"${'x'.repeat(120)}"`);
    expect(quoted('x'.repeat(121))).toBe(`"${'x'.repeat(120)}…"`);
  });
});
