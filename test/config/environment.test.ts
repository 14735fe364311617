import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEnvironment } from '../../src/config/environment.ts';
import { describeFaults } from '../../src/config/fault.ts';

const http = { SLACK_BOT_TOKEN: 'xoxb-1-2-abc', SLACK_SIGNING_SECRET: '0123456789abcdef' };

function faultsOf(env: Record<string, string | undefined>): string[] {
  const parsed = parseEnvironment(env);
  return parsed.ok ? [] : describeFaults('environment', parsed.faults).split('\n');
}

describe('the environment', () => {
  test('uses HTTP with a signing secret; everything else has defaults, even if it is set to an empty value', () => {
    const environment = {
      botToken: 'xoxb-1-2-abc',
      mode: { kind: 'http', signingSecret: '0123456789abcdef' },
      slackApiUrl: 'https://slack.com/api/',
      port: 3000,
      configPath: './dlq-tasks.yml',
      dataFolder: './data',
      readOnly: false,
      logLevel: 'info',
    };
    expect(parseEnvironment(http)).toEqual({ ok: true, environment });
    expect(parseEnvironment({ ...http, PORT: '', LOG_LEVEL: '', SLACK_APP_TOKEN: '', HOME: '/' })).toEqual({
      ok: true,
      environment,
    });
  });

  test('an app token means Socket Mode, even with a signing secret', () => {
    const parsed = parseEnvironment({
      ...http,
      SLACK_APP_TOKEN: 'xapp-1-A0-1-abc',
      SLACK_API_URL: 'http://127.0.0.1:4000/api',
      PORT: '0',
      DLQ_TASKS_HOST: '127.0.0.1',
      DLQ_TASKS_METRICS_PORT: '9100',
      DLQ_TASKS_CONFIG: '/etc/dlq-tasks.yml',
      DLQ_TASKS_DATA: '/var/lib/dlq-tasks',
      DLQ_TASKS_READ_ONLY: '1',
      LOG_LEVEL: 'DEBUG',
    });
    expect(parsed).toEqual({
      ok: true,
      environment: {
        botToken: 'xoxb-1-2-abc',
        mode: { kind: 'socket', appToken: 'xapp-1-A0-1-abc' },
        slackApiUrl: 'http://127.0.0.1:4000/api/',
        port: 0,
        host: '127.0.0.1',
        metricsPort: 9100,
        configPath: '/etc/dlq-tasks.yml',
        dataFolder: '/var/lib/dlq-tasks',
        readOnly: true,
        logLevel: 'debug',
      },
    });
  });

  test.each(['true', 'yes', '2'])(
    'a read-only switch of %j is a fault, so that no one relies on it',
    (value) => {
      expect(faultsOf({ ...http, DLQ_TASKS_READ_ONLY: value })).toEqual([
        'environment DLQ_TASKS_READ_ONLY: must be 1 (read-only) or 0',
      ]);
    },
  );

  test('reports everything that is missing from an empty environment', () => {
    expect(faultsOf({})).toEqual([
      "environment SLACK_BOT_TOKEN: is not set; set it to the bot token from OAuth & Permissions in the app's settings (xoxb-…)",
      'environment SLACK_SIGNING_SECRET: is not set; set it to serve HTTP, or set SLACK_APP_TOKEN to use Socket Mode',
    ]);
  });

  test('reports every fault at once', () => {
    const env = { SLACK_BOT_TOKEN: 'xoxp-1', SLACK_APP_TOKEN: 'xoxb-1', PORT: '65536', LOG_LEVEL: 'loud' };
    expect(faultsOf({ ...env, SLACK_API_URL: 'http://slack.example.com/api/' })).toEqual([
      "environment SLACK_BOT_TOKEN: must be xoxb- followed by letters, digits, and dashes: it is the bot token from OAuth & Permissions in the app's settings",
      'environment SLACK_APP_TOKEN: must be xapp- followed by letters, digits, and dashes: it is an app-level token',
      'environment PORT: must be a number from 0 to 65535',
      'environment SLACK_API_URL: must begin with https://; http:// works only for localhost',
      'environment LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
    ]);
  });

  test.each(['80a', '-1', '3.5', ' 80', '1e3', '0x50', '99999'])('PORT=%j is refused', (port) => {
    expect(faultsOf({ ...http, PORT: port })).toEqual(['environment PORT: must be a number from 0 to 65535']);
  });

  test.each([
    ['SLACK_BOT_TOKEN', '"xoxb-1-2-abc"', 'contains quotes; remove them'],
    ['SLACK_BOT_TOKEN', 'xoxb-1-2-abc\n', 'contains white space or a special character; paste it again'],
    ['SLACK_BOT_TOKEN', ' ', 'contains white space or a special character; paste it again'],
    ['SLACK_SIGNING_SECRET', "'0123'", 'contains quotes; remove them'],
    ['SLACK_SIGNING_SECRET', '0123 ', 'contains white space or a special character; paste it again'],
    ['SLACK_APP_TOKEN', 'xapp-1\u200b', 'contains white space or a special character; paste it again'],
  ])('%s=%j was pasted carelessly', (name, value, message) => {
    expect(faultsOf({ ...http, [name]: value })).toEqual([`environment ${name}: ${message}`]);
  });

  test('no fault repeats a value', () => {
    const value = fc.oneof(
      fc.stringMatching(/^[ "']?(xox[abp]-|xapp-|https?:\/\/)?s3cr3t[a-z :@/]*$/),
      fc.string(),
    );
    const env = fc.dictionary(
      fc.constantFrom(
        'SLACK_BOT_TOKEN',
        'SLACK_SIGNING_SECRET',
        'SLACK_APP_TOKEN',
        'SLACK_API_URL',
        'PORT',
        'LOG_LEVEL',
      ),
      value,
    );
    fc.assert(
      fc.property(env, (some) => {
        expect(faultsOf(some).join('\n')).not.toContain('s3cr3t');
      }),
    );
  });
});
