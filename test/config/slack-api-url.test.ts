import { describe, expect, test } from 'vitest';
import { parseSlackApiUrl } from '../../src/config/slack-api-url.ts';

describe('the address of the Slack API', () => {
  test.each([
    ['https://slack.com/api/', 'https://slack.com/api/'],
    ['https://slack.example.com/api', 'https://slack.example.com/api/'],
    ['https://slack.example.com', 'https://slack.example.com/'],
    ['http://localhost:4000/api', 'http://localhost:4000/api/'],
    ['http://127.9.9.9:1/api/', 'http://127.9.9.9:1/api/'],
    ['http://[::1]:4000/api/', 'http://[::1]:4000/api/'],
  ])('%s', (text, url) => {
    expect(parseSlackApiUrl(text)).toEqual({ ok: true, url });
  });

  test.each([
    ['slack.com/api', 'must be a URL that begins with https://'],
    ['ftp://localhost/api/', 'must be a URL that begins with https://'],
    ['https:slack.com', 'must be a URL that begins with https://'],
    ['https://me:pw@slack.com/api/', 'must not contain a user name or password'],
    ['https://slack.com/api/?token=1', 'must not contain ? or #'],
    ['http://slack.com/api/', 'must begin with https://; http:// works only for localhost'],
    ['http://127.0.0.1.example.com/', 'must begin with https://; http:// works only for localhost'],
    ['http://localhost.example.com/', 'must begin with https://; http:// works only for localhost'],
    ['http://128.0.0.1/', 'must begin with https://; http:// works only for localhost'],
    ['http://0.0.0.0/', 'must begin with https://; http:// works only for localhost'],
  ])('%s is refused', (text, message) => {
    expect(parseSlackApiUrl(text)).toEqual({ ok: false, message });
  });
});
