import { readFile } from 'node:fs/promises';
import { type CliCall, type CliCommand, exitCodes, UsageError } from './command.ts';

export const manifestCommand: CliCommand = {
  name: 'manifest',
  usage: '--http <url> | --socket',
  gives: 'the manifest of the Slack app, to paste at api.slack.com/apps',
  words: [0, 0],
  options: {
    http: { type: 'string', value: 'url', gives: 'Slack calls the bot, at this https address' },
    socket: { type: 'boolean', gives: 'Socket Mode: the bot calls Slack' },
    'user-groups': { type: 'boolean', gives: 'with the scope that access.userGroups needs' },
  },
  examples: ['manifest --http https://dlq-tasks.mycompany.example', 'manifest --socket > manifest.yml'],
  run: manifest,
};

const original = new URL('../../manifest.yml', import.meta.url);

async function manifest({ options, out }: CliCall): Promise<number> {
  const { http, socket } = options;
  if ((typeof http === 'string') === (socket === true)) {
    throw new UsageError('Say one of --http <url> and --socket.');
  }
  const text = withoutHeading(await readFile(original, 'utf8'));
  const chosen = typeof http === 'string' ? forHttp(text, addressOf(http)) : forSocketMode(text);
  out.write(options['user-groups'] ? withUserGroups(chosen) : chosen);
  return exitCodes.ok;
}

/** The comment at the top tells how to do by hand what is done here. */
function withoutHeading(text: string): string {
  return text.replace(/^(?:#.*\n)+/, '');
}

function forHttp(text: string, address: string): string {
  return text.replaceAll('https://dlq-tasks.example.com', address).replaceAll(/ +# HTTP only$/gm, '');
}

function forSocketMode(text: string): string {
  return text
    .replaceAll(/^.* # HTTP only\n/gm, '')
    .replace('socket_mode_enabled: false', 'socket_mode_enabled: true');
}

function withUserGroups(text: string): string {
  return text.replace(/# (- usergroups:read) #.*$/m, '$1');
}

/** People paste the address with or without the path that the bot listens on. */
function addressOf(typed: string): string {
  const url = URL.parse(typed.replace(/\/slack\/events\/?$/, ''));
  const isPlain = url && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (!isPlain || url.protocol !== 'https:') {
    throw new UsageError('Slack needs an address that begins with https://, without ? or # or a password.');
  }
  return url.href.replace(/\/+$/, '');
}
