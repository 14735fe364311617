import { phrase } from '../phrase.ts';
import { type Check, faultCheck, okCheck, unprovenCheck } from './check.ts';

export type ProxySettings = {
  https: string | undefined;
  exceptions: string | undefined;
  isUsed: boolean;
};

/** Undefined without proxy variables. Whether the proxy works is checked together with Slack and AWS. */
export function proxyChecks({ https, exceptions, isUsed }: ProxySettings): Check[] {
  const subject = 'proxy';
  if (!isUsed && https === undefined) return [];
  if (!isUsed) {
    const finding = phrase`${'HTTPS_PROXY'} is set, but Node doesn't use it.`;
    const remedy = phrase`If you need it, set ${'NODE_USE_ENV_PROXY=1'}. Slack, Socket Mode, and AWS then go through the proxy.`;
    return [unprovenCheck('Environment', subject, finding, remedy)];
  }
  if (https === undefined) {
    const finding = phrase`${'NODE_USE_ENV_PROXY'} is set, but ${'HTTPS_PROXY'} is not: Slack and AWS are called directly.`;
    return [
      unprovenCheck(
        'Environment',
        subject,
        finding,
        phrase`Set ${'HTTPS_PROXY'}, or remove the other variable.`,
      ),
    ];
  }
  const url = URL.parse(https);
  if (!url || !/^https?:$/.test(url.protocol)) {
    const finding = phrase`${'HTTPS_PROXY'} is not a URL such as http://proxy.example.com:3128.`;
    return [faultCheck('Environment', subject, finding, phrase`Correct it.`)];
  }
  const beside = exceptions === undefined ? [] : phrase`, except for ${exceptions}`;
  return [okCheck('Environment', subject, phrase`Slack, Socket Mode, and AWS use ${url.host}${beside}`)];
}
