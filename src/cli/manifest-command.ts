import { readFile } from 'node:fs/promises';
import { manifestJson, manifestLink, manifestText } from '../config/app-manifest.ts';
import { type CliCall, type CliCommand, exitCodes, UsageError } from './command.ts';

export const manifestCommand: CliCommand = {
  name: 'manifest',
  usage: '--http <url> | --socket',
  gives: "prints the Slack app's manifest to paste at api.slack.com/apps, or a link that fills it in",
  words: [0, 0],
  options: {
    http: { type: 'string', value: 'url', gives: 'Slack calls the bot at this HTTPS URL' },
    socket: { type: 'boolean', gives: 'Socket Mode: the bot calls Slack' },
    link: { type: 'boolean', gives: 'print a link that opens "Create an app" with the manifest filled in' },
    json: { type: 'boolean', gives: 'as JSON, for scripts and the Slack CLI' },
    'user-groups': { type: 'boolean', gives: 'include the scope that access.userGroups needs' },
  },
  examples: [
    'manifest --socket --link',
    'manifest --http https://dlq-tasks.mycompany.example',
    'manifest --socket > manifest.yml',
  ],
  run: manifest,
};

const original = new URL('../../manifest.yml', import.meta.url);

async function manifest({ options, out }: CliCall): Promise<number> {
  const { http, socket, link, json } = options;
  if ((typeof http === 'string') === (socket === true)) {
    throw new UsageError('Specify either --http <url> or --socket.');
  }
  if (link && json) throw new UsageError('Use --link or --json, not both.');
  const address = typeof http === 'string' ? { address: addressOf(http) } : {};
  const userGroups = options['user-groups'] === true;
  const text = manifestText(await readFile(original, 'utf8'), { ...address, userGroups });
  if (link) out.write(`${manifestLink(text)}\n`);
  else out.write(json ? `${manifestJson(text)}\n` : text);
  return exitCodes.ok;
}

/** People paste the address with or without the path. */
function addressOf(typed: string): string {
  const url = URL.parse(typed.replace(/\/slack\/events\/?$/, ''));
  const isPlain = url && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (!isPlain || url.protocol !== 'https:') {
    throw new UsageError('Slack needs a URL that starts with https:// and has no ?, # or password.');
  }
  return url.href.replace(/\/+$/, '');
}
