import type { PageState } from '../../../slack/page-contract.ts';
import { unescapeText } from './mrkdwn.ts';

type Known = Pick<PageState, 'people' | 'channels' | 'bot'>;

/** A message's fallback text as it is read aloud: people, dates and links by name, without code marks. */
export function spokenText(text: string, { people, channels, bot }: Known): string {
  const names = new Map(
    [...people, ...channels, { id: bot.userId, name: bot.name }].map(({ id, name }) => [id, name]),
  );
  const spoken = text
    .replace(/<([@#])([A-Z0-9]+)(?:\|[^<>]*)?>/g, (_, mark, id) => `${mark}${names.get(id) ?? id}`)
    .replace(/<[^<>|]*\|([^<>]*)>/g, '$1')
    .replaceAll('`', '');
  return unescapeText(spoken);
}
