import { readFileSync } from 'node:fs';
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkShortcut, commandName, commandTable } from '../src/slack/commands.ts';
import { botEvents, botScopes } from '../src/slack/scopes.ts';

type Manifest = AppsManifestCreateArguments['manifest'];

const text = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8');

/** The manifest according to the code; Slack's types reject unknown keys, scopes and events. */
function manifestOf(requestUrl: string | undefined) {
  return {
    display_information: {
      name: 'dlq-tasks',
      description: 'Shows redrives of SQS dead-letter queues and notifies you when they finish.',
      background_color: '#1d3557',
    },
    features: {
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: true,
      },
      bot_user: { display_name: 'dlq-tasks', always_online: true },
      slash_commands: [
        {
          command: commandName,
          description: 'Check the redrives of a dead-letter queue',
          usage_hint: commandTable
            .filter(({ usage, isActing }) => usage !== '' && !isActing)
            .map(({ usage }) => usage)
            .join(' | '),
          should_escape: false,
          ...(requestUrl !== undefined && { url: requestUrl }),
        },
      ],
      shortcuts: [
        {
          name: checkShortcut.name,
          type: 'message',
          callback_id: checkShortcut.callbackId,
          description: checkShortcut.description,
        },
      ],
    },
    oauth_config: {
      scopes: { bot: botScopes.filter(({ onlyIf }) => onlyIf === undefined).map(({ scope }) => scope) },
    },
    settings: {
      event_subscriptions: {
        bot_events: botEvents.map(({ event }) => event),
        ...(requestUrl !== undefined && { request_url: requestUrl }),
      },
      interactivity: {
        is_enabled: true,
        ...(requestUrl !== undefined && { request_url: requestUrl, message_menu_options_url: requestUrl }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: requestUrl === undefined,
      token_rotation_enabled: false,
    },
  } satisfies Manifest;
}

describe('manifest.yml', () => {
  test('asks for the command, the shortcut, the events and the scopes that the code uses', () => {
    expect(parse(text)).toEqual(manifestOf('https://dlq-tasks.example.com/slack/events'));
  });

  test('is one for Socket Mode when its own three steps are followed', () => {
    const socket = text
      .replace(/^.* # HTTP only\n/gm, '')
      .replace('socket_mode_enabled: false', 'socket_mode_enabled: true');
    expect(parse(socket)).toEqual(manifestOf(undefined));
  });

  test('offers the optional scopes, with when they are needed', () => {
    const optional = botScopes.filter(({ onlyIf }) => onlyIf !== undefined);
    expect(optional.map(({ scope, onlyIf }) => text.includes(`# - ${scope} # only if ${onlyIf}\n`))).toEqual([
      true,
    ]);
  });

  test('says in docs/slack.md why each scope, event and shortcut is needed', () => {
    const page = readFileSync(new URL('../docs/slack.md', import.meta.url), 'utf8');
    const [scopes = '', others = ''] = page.split('| scope | why').at(1)?.split('| event, shortcut') ?? [];
    const named = (table: string) => {
      const rows = table.split('\n\n')[0]?.match(/^\| .*`.* \| .{20,} \|$/gm) ?? [];
      return rows.flatMap((row) => row.split(' | ')[0]?.match(/(?<=`)[a-z_:]+(?=`)/g) ?? []);
    };
    expect(named(scopes)).toEqual(botScopes.map(({ scope }) => scope));
    expect(named(others).toSorted()).toEqual(
      [
        ...botEvents.map(({ event }) => event),
        checkShortcut.callbackId,
        'message_menu_options_url',
      ].toSorted(),
    );
  });

  test("stays within Slack's limits", () => {
    const { display_information: display, features } = manifestOf('');
    expect(display.name.length).toBeLessThanOrEqual(35);
    expect(display.description.length).toBeLessThanOrEqual(140);
    expect(features.bot_user.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
    for (const { name, callback_id, description } of features.shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(callback_id.length).toBeLessThanOrEqual(255);
      expect(description.length).toBeLessThanOrEqual(150);
    }
    for (const { command, description, usage_hint } of features.slash_commands) {
      expect(command).toMatch(/^\/[a-z0-9_-]{1,31}$/);
      expect(description.length).toBeLessThanOrEqual(2000);
      expect(usage_hint.length).toBeLessThanOrEqual(1000);
    }
  });
});
