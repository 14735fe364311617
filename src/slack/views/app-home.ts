import type { KnownBlock } from '@slack/types';
import type { AppHome } from '../../operations/app-home.ts';
import { partsOf } from '../../operations/overview.ts';
import {
  actions,
  codeSpan,
  context,
  escaped,
  header,
  type Message,
  section,
  updatedAt,
} from '../block-kit.ts';
import { commandName } from '../commands.ts';
import { blocksOf, pageButtons, pageInWords, pageOf, type Room } from './overview.ts';
import { itemsOf, summaryOf } from './overview-rows.ts';
import { watchLines } from './watching.ts';

/**
 * A Home holds 100 blocks and has no plain text; more queues than this are hard to read. No card can be posted from it.
 */
const roomInHome: Room = { characters: 9_000, blocks: 60, times: 1, canShow: false };

export function appHomeView(
  { overview, page, leavesOut, watches }: AppHome,
  { workspaceUrl, version }: { workspaceUrl: string; version: string },
): Message {
  const parts = partsOf(overview);
  const shown = pageOf(itemsOf(parts, overview), page, roomInHome);
  const { rows, seenAt } = overview;
  const watched = watches ? watchedBlocks(watches, workspaceUrl) : [];
  const footer = [...pageInWords(shown), updatedAt(seenAt), `dlq-tasks ${escaped(version)}`].join(' · ');
  return {
    text: 'Dead-letter queue redrives',
    blocks: [
      header('Dead-letter queue redrives'),
      section(rows.length > 0 ? summaryOf(parts) : 'The settings list no queues that can be shown here.'),
      ...blocksOf(shown.items, roomInHome),
      ...(leavesOut ? [context(elsewhere)] : []),
      actions(pageButtons(shown)),
      ...watched,
      context(`Type ${codeSpan(`${commandName} <queue>`)} in a channel to get a queue's card.`),
      context(footer),
    ],
  };
}

const elsewhere =
  "Queues limited to certain channels are shown only there, because Slack doesn't tell the bot who is in them.";

function watchedBlocks(watches: NonNullable<AppHome['watches']>, workspaceUrl: string): KnownBlock[] {
  if (watches.length === 0) return [section("*You're watching*\nNothing right now.")];
  return [section(["*You're watching*", ...watchLines(watches, workspaceUrl)].join('\n'))];
}
