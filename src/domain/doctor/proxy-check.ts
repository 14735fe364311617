import { phrase } from '../phrase.ts';
import { type Check, isOpen, isRight, isWrong } from './check.ts';

/** What the environment says about a proxy, and whether Node was told to use it. */
export type ProxySettings = {
  https: string | undefined;
  exceptions: string | undefined;
  isUsed: boolean;
};

/** Nothing where no proxy is spoken of. Whether it lets the bot through is seen where Slack and AWS are asked. */
export function proxyChecks({ https, exceptions, isUsed }: ProxySettings): Check[] {
  const subject = 'proxy';
  if (!isUsed && https === undefined) return [];
  if (!isUsed) {
    const finding = phrase`${'HTTPS_PROXY'} names one, but Node asks directly.`;
    const remedy = phrase`If it is needed set ${'NODE_USE_ENV_PROXY=1'}: Slack, its sockets and AWS are then asked through it.`;
    return [isOpen('Environment', subject, finding, remedy)];
  }
  if (https === undefined) {
    const finding = phrase`${'NODE_USE_ENV_PROXY'} is set and ${'HTTPS_PROXY'} is not: Slack and AWS are asked directly.`;
    return [isOpen('Environment', subject, finding, phrase`Set ${'HTTPS_PROXY'}, or take the other out.`)];
  }
  const url = URL.parse(https);
  if (!url || !/^https?:$/.test(url.protocol)) {
    const finding = phrase`${'HTTPS_PROXY'} is not a URL such as http://proxy.example.com:3128.`;
    return [isWrong('Environment', subject, finding, phrase`Correct it.`)];
  }
  const beside = exceptions === undefined ? [] : phrase`, but for ${exceptions}`;
  return [
    isRight(
      'Environment',
      subject,
      phrase`Slack, its sockets and AWS are asked through ${url.host}${beside}`,
    ),
  ];
}
