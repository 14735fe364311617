import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { typed } from './a-terminal.ts';

const original = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');

describe('dlq-tasks manifest', () => {
  test.each(['https://bot.example.com', 'https://bot.example.com/', 'https://bot.example.com/slack/events'])(
    'for HTTP at %s is manifest.yml with this address',
    async (address) => {
      const { code, out, err } = await typed(['manifest', '--http', address]);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const expected = original.replaceAll('https://dlq-tasks.example.com', 'https://bot.example.com');
      expect(parse(out)).toEqual(parse(expected));
      expect(out.match(/https:\S+/g)).toEqual(
        (out.match(/https:\S+/g) ?? []).map(() => 'https://bot.example.com/slack/events'),
      );
    },
  );

  test('keeps the path of an address behind a proxy', async () => {
    const { out } = await typed(['manifest', '--http', 'https://example.com/bots/dlq/']);
    expect(out).toContain('https://example.com/bots/dlq/slack/events\n');
  });

  test('for Socket Mode names no address', async () => {
    const { out } = await typed(['manifest', '--socket']);
    const { settings } = parse(out);
    expect(out).not.toMatch(/url:|https:|HTTP only/);
    expect(settings.socket_mode_enabled).toBe(true);
  });

  test('asks for the scope of user groups only on request', async () => {
    const scopes = async (...more: string[]) =>
      parse((await typed(['manifest', '--socket', ...more])).out).oauth_config.scopes.bot;
    expect(await scopes('--user-groups')).toEqual([...(await scopes()), 'usergroups:read']);
  });

  test.each([['--socket'], ['--http', 'https://bot.example.com/a b'], ['--socket', '--user-groups']])(
    'the link of %s %s opens "create an app" with this manifest, and JSON says the same',
    async (...words) => {
      const manifest = parse((await typed(['manifest', ...words])).out);
      const { code, out, err } = await typed(['manifest', ...words, '--link']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^https:\/\/api\.slack\.com\/apps\?\S+\n$/);
      const { searchParams } = new URL(out);
      expect([...searchParams.keys()]).toEqual(['new_app', 'manifest_yaml']);
      expect(searchParams.get('new_app')).toBe('1');
      expect(parse(searchParams.get('manifest_yaml') ?? '')).toEqual(manifest);
      expect(JSON.parse((await typed(['manifest', ...words, '--json'])).out)).toEqual(manifest);
    },
  );
});
