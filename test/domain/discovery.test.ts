import { describe, expect, test } from 'vitest';
import { type AwsErrorKind, awsErrorKinds } from '../../src/domain/aws-error.ts';
import {
  compare,
  explainSurvey,
  type Given,
  type Place,
  placesToAsk,
  type Survey,
} from '../../src/domain/discovery.ts';
import { inPlainWords } from '../../src/domain/wording.ts';
import { anAwsError, aQueue } from '../support/builders.ts';

const [prodId, shopId, ownId] = ['111122223333', '444455556666', '999900001111'];
const roleOf = (id: string, partition = 'aws') => ({ arn: `arn:${partition}:iam::${id}:role/status` });
const prod = { label: 'prod', id: prodId, role: roleOf(prodId) };
const shop = { label: 'shop', id: shopId, role: roleOf(shopId) };
const china = { label: 'china', id: shopId, role: roleOf(shopId, 'aws-cn') };

describe('the places to ask', () => {
  const nothing: Given = {
    ...{ accounts: [], queues: [], words: [], regions: [], roleName: 'status' },
    ...{ own: { accountId: ownId, partition: 'aws' }, ownRegion: 'eu-west-1' },
  };
  const places = (given: Partial<Given>) => {
    const asked = placesToAsk({ ...nothing, ...given });
    return 'wrong' in asked ? asked.wrong : asked;
  };
  /** One line for each place, and the labels of new accounts. */
  const asked = (given: Partial<Given>) => {
    const found = places(given);
    if (typeof found === 'string') return found;
    const lines = found.places.map(
      ({ account, partition, region, role }) =>
        `${account.label} ${partition} ${region}${role ? ` as ${role.arn}` : ''}`,
    );
    return [lines, found.newAccounts.map(({ label }) => label)];
  };
  const as = (id: string) => `as ${roleOf(id).arn}`;

  test("are one's own account, with one's own credentials, if there are no settings", () => {
    expect(asked({})).toEqual([[`account-${ownId} aws eu-west-1`], [`account-${ownId}`]]);
    expect(asked({ words: ['main'] })).toEqual([['main aws eu-west-1'], ['main']]);
    expect(asked({ words: [shopId] })).toEqual([
      [`account-${shopId} aws eu-west-1 ${as(shopId)}`],
      [`account-${shopId}`],
    ]);
  });

  test('are all accounts of the settings, in the regions of their queues', () => {
    const queues = [aQueue(), aQueue({ name: 'mails-dlq' }), aQueue({ region: 'us-east-1' })];
    expect(asked({ accounts: [prod, shop], queues })).toEqual([
      [
        `prod aws eu-west-1 ${as(prodId)}`,
        `prod aws us-east-1 ${as(prodId)}`,
        `shop aws eu-west-1 ${as(shopId)}`,
        `shop aws us-east-1 ${as(shopId)}`,
      ],
      [],
    ]);
  });

  test("are asked with an account's role, even if one's own credentials belong to it", () => {
    const own = { accountId: prodId, partition: 'aws' };
    expect(asked({ accounts: [prod], own })).toEqual([[`prod aws eu-west-1 ${as(prodId)}`], []]);
    expect(asked({ accounts: [shop], own, words: [prodId] })).toEqual([
      [`account-${prodId} aws eu-west-1`],
      [`account-${prodId}`],
    ]);
  });

  test('are those that were typed, by label or id, each once', () => {
    const accounts = [prod, shop];
    expect(asked({ accounts, words: ['shop', shopId] })).toEqual([[`shop aws eu-west-1 ${as(shopId)}`], []]);
    expect(asked({ accounts, words: [prodId] })).toEqual([[`prod aws eu-west-1 ${as(prodId)}`], []]);
    expect(asked({ accounts, words: ['shop', ownId] })).toEqual([
      [`shop aws eu-west-1 ${as(shopId)}`, `account-${ownId} aws eu-west-1`],
      [`account-${ownId}`],
    ]);
  });

  test('are in the regions that were typed, as far as they are of the account’s partition', () => {
    const regions = ['eu-central-1', 'cn-north-1'];
    expect(asked({ accounts: [prod, china], queues: [aQueue()], regions })).toEqual([
      [`prod aws eu-central-1 ${as(prodId)}`, `china aws-cn cn-north-1 as ${china.role.arn}`],
      [],
    ]);
  });

  test.each<[string, Partial<Given>, string[]]>([
    ['an unknown label', { accounts: [prod, shop], words: ['prod', 'stage'] }, ['stage', 'prod, shop']],
    ['one unknown label', { accounts: [prod, shop], words: ['stage'] }, ['stage', 'prod, shop']],
    ['an id that is too long', { accounts: [prod], words: [`${prodId}4`] }, [`${prodId}4`]],
    ['several labels without settings', { words: ['prod', 'shop'] }, ['prod', 'none']],
    [
      'a region of another partition',
      { accounts: [prod], regions: ['eu-west-1', 'cn-west-1'] },
      ['cn-west-1'],
    ],
    ['no region for an account', { accounts: [prod, china] }, ['--region', 'china']],
    ['no region at all', { accounts: [prod], ownRegion: undefined }, ['--region', 'prod']],
  ])('are wrong because of %s, which is named', (_what, given, named) => {
    const wrong = places(given);
    expect(named.filter((name) => !String(typeof wrong === 'string' && wrong).includes(name))).toEqual([]);
  });
});

const place: Place = {
  ...{ account: { label: 'prod', id: prodId }, partition: 'aws', region: 'eu-west-1', role: prod.role },
};
const dlq = (name: string) => ({ place, name, arn: aQueue({ name }).arn, sources: ['orders'] });
const aSurvey = (given: Partial<Survey> = {}): Survey => ({
  ...{ place, names: [], isListed: true, dlqs: [], dangling: [], unasked: 0 },
  ...given,
});

describe('what was found, compared with the settings', () => {
  const survey = aSurvey({
    names: ['orders', 'orders-dlq', 'mails-dlq'],
    dlqs: [dlq('orders-dlq'), dlq('mails-dlq')],
  });

  test('is missing there, listed there, or gone', () => {
    const gone = aQueue({ name: 'old-dlq' });
    expect(compare([survey], [aQueue(), gone])).toEqual({
      ...{ missing: [dlq('mails-dlq')], listed: 1, gone: [gone] },
    });
    expect(compare([], [aQueue()])).toEqual({ missing: [], listed: 0, gone: [] });
  });

  test.each([
    ['in another account', [survey], { accountId: shopId }],
    ['in another region', [survey], { region: 'us-east-1' }],
    ['in a list that is incomplete', [{ ...survey, isListed: false }], {}],
  ])('is not gone %s', (_where, surveys, given) => {
    expect(compare(surveys, [aQueue({ name: 'old-dlq', ...given })]).gone).toEqual([]);
  });
});

describe('what could not be checked in a place', () => {
  const explained = (kind: AwsErrorKind, given: Partial<Survey> = {}) => {
    const awsError = anAwsError({ kind, action: 'sqs:ListQueues' });
    const found = explainSurvey(aSurvey({ awsError, unasked: 3, ...given }));
    return { meaning: inPlainWords(found?.meaning ?? []), remedy: inPlainWords(found?.remedy ?? []) };
  };
  const { role: _, ...asOneself } = place;

  test('is nothing without an error', () => {
    expect(explainSurvey(aSurvey())).toBeUndefined();
  });

  test.each(awsErrorKinds)('is said with its place and what to do: %s', (kind) => {
    const { meaning, remedy } = explained(kind, { isListed: false });
    expect(meaning).toMatch(/prod.*eu-west-1/);
    expect(remedy).not.toBe('');
  });

  test('is the list, or some of the queues', () => {
    expect(explained('access-denied').meaning).toContain('3 queues');
    expect(explained('access-denied', { isListed: false }).meaning).not.toContain('3 queues');
  });

  test.each<[AwsErrorKind, string, string]>([
    ['role-refused', 'assumed', 'trust policy'],
    ['access-denied', 'sqs:ListQueues', 'dlq-tasks policy prod'],
    ['credentials-invalid', 'AccessDenied', `eu-west-1 is enabled in account ${prodId}`],
    ['unreachable', 'no answer', 'network'],
  ])('because of %s', (kind, why, remedy) => {
    expect(explained(kind)).toEqual({
      ...{ meaning: expect.stringContaining(why), remedy: expect.stringContaining(remedy) },
    });
  });

  test("names the role, or one's own credentials, for which there is no policy to print", () => {
    expect(explained('access-denied').meaning).toContain(prod.role.arn);
    const { meaning, remedy } = explained('access-denied', { place: asOneself });
    expect([meaning.includes(prod.role.arn), remedy.includes('dlq-tasks policy')]).toEqual([false, false]);
  });
});
