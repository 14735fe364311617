import { describe, expect, test } from 'vitest';
import { parseEnvironment } from '../../src/config/environment.ts';
import { secretsIn, secretVariables } from '../../src/config/secret-variables.ts';

describe('the secrets', () => {
  test.each(secretVariables)('%s is treated as one if it is set', (name) => {
    expect(secretsIn({ [name]: 'xoxb-only-this', HOME: '/' })).toEqual(['xoxb-only-this']);
    expect(secretsIn({ [name]: '' })).toEqual([]);
  });

  test('lists every variable whose description calls it a secret', () => {
    const given = {
      SLACK_BOT_TOKEN: 'xoxb-1-bot',
      SLACK_APP_TOKEN: 'xapp-1-app',
      SLACK_SIGNING_SECRET: '0123456789abcdef',
    };
    for (const mode of [given, { ...given, SLACK_APP_TOKEN: '' }]) {
      const parsed = parseEnvironment(mode);
      const { botToken, mode: how } = parsed.ok ? parsed.environment : expect.unreachable();
      const { kind: _kind, ...secrets } = how;
      expect(secretsIn(mode)).toEqual(expect.arrayContaining([botToken, ...Object.values(secrets)]));
    }
  });
});
