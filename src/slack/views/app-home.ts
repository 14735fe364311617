import type { KnownBlock } from '@slack/types';
import type { AppHome } from '../../operations/app-home.ts';
import { partsOf } from '../../operations/overview.ts';
import { actions, context, header, type Message, section } from '../blocks.ts';
import { commandName } from '../commands.ts';
import { codeSpan, escaped, slackTime } from '../text.ts';
import { blocksOf, pageButtons, pageInWords, pageOf, type Room } from './overview.ts';
import { itemsOf, summaryOf } from './overview-rows.ts';

import { watchLines } from './watching.ts';

/** A Home holds 100 blocks and has no plain twin; more than this is hard to read. No channel is there to post to. */
const roomInHome: Room = { characters: 9_000, blocks: 60, times: 1, canShow: false };

/** How all queues are doing that may be shown to this person, and what they watch. */
export function appHomeView(
  { overview, page, leavesOut, watches }: AppHome,
  { workspaceUrl, version }: { workspaceUrl: string; version: string },
): Message {
  const parts = partsOf(overview);
  const shown = pageOf(itemsOf(parts, overview), page, roomInHome);
  const { rows, seenAt } = overview;
  const watched = watches ? watchedBlocks(watches, workspaceUrl) : [];
  const footer = [
    ...pageInWords(shown),
    `Seen ${slackTime(seenAt, '{date_short_pretty} {time_secs}')}`,
    `dlq-tasks ${escaped(version)}`,
  ].join(' · ');
  return {
    text: 'Redrives of dead-letter queues',
    blocks: [
      header('Redrives of dead-letter queues'),
      section(rows.length > 0 ? summaryOf(parts) : 'The settings list no queue that may be shown here.'),
      ...blocksOf(shown.items, roomInHome),
      ...(leavesOut ? [context(elsewhere)] : []),
      actions(pageButtons(shown)),
      ...watched,
      context(`Type ${codeSpan(`${commandName} <queue>`)} in a channel for a queue's card.`),
      context(footer),
    ],
  };
}

const elsewhere =
  'Queues that belong to certain channels are shown only there, because Slack does not tell the bot who is in them.';

function watchedBlocks(watches: NonNullable<AppHome['watches']>, workspaceUrl: string): KnownBlock[] {
  if (watches.length === 0) return [section('*You watch*\nNothing just now.')];
  return [section(['*You watch*', ...watchLines(watches, workspaceUrl)].join('\n'))];
}
