import { parse, stringify } from 'yaml';

export type ManifestFor = {
  /** Where Slack calls the bot, without a trailing slash; absent for Socket Mode. */
  address?: string;
  /** Add the scope that `access.userGroups` needs. */
  userGroups: boolean;
};

/** `manifest.yml` is for HTTP at an example address. Its comments mark what differs otherwise. */
export function manifestText(original: string, { address, userGroups }: ManifestFor): string {
  // The comment at the top explains how to do by hand what is done here.
  const text = original.replace(/^(?:#.*\n)+/, '');
  const chosen = address === undefined ? forSocketMode(text) : forHttp(text, address);
  return userGroups ? chosen.replace(/# (- usergroups:read) #.*$/m, '$1') : chosen;
}

export function manifestJson(text: string): string {
  return JSON.stringify(parse(text), null, 2);
}

export function manifestLink(text: string): string {
  const short = stringify(parse(text), { lineWidth: 0 });
  return `https://api.slack.com/apps?new_app=1&manifest_yaml=${encodeURIComponent(short)}`;
}

function forHttp(text: string, address: string): string {
  return text.replaceAll('https://dlq-tasks.example.com', address).replaceAll(/ +# HTTP only$/gm, '');
}

function forSocketMode(text: string): string {
  return text
    .replaceAll(/^.* # HTTP only\n/gm, '')
    .replace('socket_mode_enabled: false', 'socket_mode_enabled: true');
}
