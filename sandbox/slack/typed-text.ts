import type { Workspace } from './workspace.ts';

const address = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?'")\]]/g;
/** What Slack's composer inserts for a selected person or channel. */
const reference = /<[@#!][^<>]*>/;

/**
 * What a person typed, as Slack stores it: escaped, links in angle brackets, @names and #names as references.
 */
export function storedText(typed: string, workspace: Workspace): string {
  return typed
    .split(new RegExp(`(${reference.source})`))
    .map((piece) => (reference.test(piece) ? piece : storedWords(piece, workspace)))
    .join('');
}

function storedWords(words: string, workspace: Workspace): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return withNames(escaped.replace(address, '<$&>'), workspace);
}

function withNames(text: string, { people, channels, settings }: Workspace): string {
  const { bot } = settings;
  const names = [
    ...[bot, ...people.values()].map((one) => ({
      typed: `@${one.name}`,
      stored: `<@${'userId' in one ? one.userId : one.id}>`,
    })),
    ...[...channels.values()].map(({ id, name }) => ({ typed: `#${name}`, stored: `<#${id}|${name}>` })),
  ].toSorted((a, b) => b.typed.length - a.typed.length);
  return names.reduce(
    (soFar, { typed, stored }) =>
      soFar.replace(new RegExp(`(?<![\\w/])${escapeForRegExp(typed)}(?![\\w-])`, 'g'), stored),
    text,
  );
}

const escapeForRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
