import { expect, test } from 'vitest';
import { proxyChecks } from '../../../src/domain/doctor/machine-checks.ts';
import { inPlainWords } from '../../../src/domain/wording.ts';

const https = 'http://proxy.example.com:3128';

test.each([
  ['nothing is said of a proxy', { https: undefined, isUsed: false }, []],
  ['one is named and not used', { https, isUsed: false }, ['not-proven']],
  ['one is to be used and not named', { https: undefined, isUsed: true }, ['not-proven']],
  ['what is named is no URL', { https: 'proxy:3128', isUsed: true }, ['fault']],
  ['what is named is not of the web', { https: 'socks5://proxy.example.com', isUsed: true }, ['fault']],
  [
    'what is named only begins like it',
    { https: 'https-proxy://proxy.example.com', isUsed: true },
    ['fault'],
  ],
  ['one is named and used', { https, isUsed: true }, ['ok']],
])('%s', (_what, given, verdicts) => {
  expect(proxyChecks({ exceptions: undefined, ...given }).map(({ verdict }) => verdict)).toEqual(verdicts);
});

test('the hosts that are reached without the proxy are named', () => {
  const said = (exceptions: string | undefined) =>
    proxyChecks({ https, exceptions, isUsed: true }).map(({ finding }) => inPlainWords(finding));
  expect(said('sqs.test')).toEqual([expect.stringMatching(/proxy\.example\.com:3128.*sqs\.test/)]);
  expect(said(undefined)).toEqual([expect.not.stringMatching(/except|undefined/)]);
});

test("a proxy's password is not repeated", () => {
  const checks = proxyChecks({
    https: 'http://ann:secret@proxy.example.com:3128',
    exceptions: undefined,
    isUsed: true,
  });
  expect(JSON.stringify(checks)).not.toMatch(/ann|secret/);
});
