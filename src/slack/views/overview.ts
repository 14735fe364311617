import type { Overview } from '../../operations/answer.ts';
import { partsOf } from '../../operations/overview-parts.ts';
import { actions, context, header, type Message, section } from '../blocks.ts';
import { blocksOf, pageButtons, pageInWords, pageOf, type Room } from './overview-pages.ts';
import { itemsOf, summaryOf } from './overview-rows.ts';
import { slackTime } from './task-text.ts';

/** A message holds 50 blocks and near 9,000 characters; the rest is for title, summary and buttons. */
const roomInMessage: Room = { characters: 7_000, blocks: 40, times: 2, canShow: true };

/**
 * All queues a channel may see: what runs first, then what failed within a day, what is not known, what waits, and the
 * names of the empty ones.
 */
export function overviewView(overview: Overview, page = 0): Message {
  const { rows, seenAt } = overview;
  const parts = partsOf(overview);
  const shown = pageOf(itemsOf(parts, overview), page, roomInMessage);
  const title = rows.length === 1 ? '1 queue' : `${rows.length} queues`;
  const summary = rows.length > 0 ? summaryOf(parts) : 'The settings list no queue for this channel.';
  const seen = [...pageInWords(shown), `Seen ${slackTime(seenAt, '{date_short_pretty} {time_secs}')}`].join(
    ' · ',
  );
  return {
    text: [title, summary, ...shown.items.map(({ words }) => words), seen].join('\n'),
    blocks: [
      header(title),
      section(summary),
      ...blocksOf(shown.items, roomInMessage),
      actions(pageButtons(shown)),
      context(seen),
    ],
  };
}
