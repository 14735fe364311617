import type { KnownBlock } from '@slack/types';
import type { Overview } from '../../operations/check-queue.ts';
import { type AppHome, partsOf } from '../../operations/overview.ts';
import {
  actions,
  button,
  codeSpan,
  context,
  escaped,
  header,
  type Message,
  plainContext,
  section,
  updatedAt,
} from '../block-kit.ts';
import { actionIds } from '../buttons.ts';
import { commandName } from '../commands.ts';
import { itemsOf, type OverviewItem, summaryOf } from './overview-rows.ts';
import { watchLines } from './watching.ts';

/** A message holds 50 blocks and about 9,000 characters; the rest is for title, summary and buttons. */
const roomInMessage: Room = { characters: 7_000, blocks: 40, times: 2, canShow: true };

/**
 * All queues a channel may see: running ones first, then failed in the last 24 hours, unknown, with messages waiting, and
 * the names of the empty ones.
 */
export function overviewView(overview: Overview, page = 0): Message {
  const { length } = overview.rows;
  const title = length === 1 ? '1 queue' : `${length} queues`;
  const none = 'The settings list no queues for this channel.';
  const { summary, items, blocks, buttons, seen } = partsOfPage(overview, page, roomInMessage, none);
  return {
    text: [title, summary, ...items.map(({ words }) => words), seen].join('\n'),
    blocks: [header(title), section(summary), ...blocks, buttons, context(seen)],
  };
}

/** `none`: what is said if there are no queues. */
function partsOfPage(overview: Overview, asked: number, room: Room, none: string) {
  const parts = partsOf(overview);
  const page = pageOf(itemsOf(parts, overview), asked, room);
  return {
    summary: overview.rows.length > 0 ? summaryOf(parts) : none,
    items: page.items,
    blocks: blocksOf(page.items, room),
    buttons: actions(pageButtons(page)),
    seen: `${page.pages > 1 ? `Page ${page.page + 1} of ${page.pages} · ` : ''}${updatedAt(overview.seenAt)}`,
  };
}

/** How much a page holds, in characters of JSON and in blocks. */
type Room = {
  characters: number;
  blocks: number;
  /** A message contains every word twice, because of its plain text. */
  times: 1 | 2;
  /** Whether a card can be posted from here. */
  canShow: boolean;
};

type Page = { items: OverviewItem[]; page: number; pages: number; nextUnfolds: boolean };

/** The requested page, or the last one if there are fewer by now. */
function pageOf(items: readonly OverviewItem[], asked: number, room: Room): Page {
  const pages: OverviewItem[][] = [[]];
  let left = room.characters;
  for (const item of items) {
    const cost = costOf(item, room);
    const current = pages.at(-1) ?? [];
    const isFull = cost > left || blocksOf([...current, item], room).length > room.blocks;
    if (item.isUnfolded || (isFull && current.length > 0)) {
      pages.push([item]);
      left = room.characters - cost;
    } else {
      current.push(item);
      left -= cost;
    }
  }
  const page = Math.min(asked, pages.length - 1);
  const nextUnfolds = pages[page + 1]?.[0]?.isUnfolded === true;
  return { items: pages[page] ?? [], page, pages: pages.length, nextUnfolds };
}

function costOf(item: OverviewItem, room: Room): number {
  const again = (room.times - 1) * (JSON.stringify(item.words).length + 2);
  return JSON.stringify(blocksOf([item], room)).length + again;
}

/** A section holds 3,000 characters; shorter ones are easier to read. */
const roomInSection = 1_500;

/** A queue with a button or a bar gets its own section; the other lines share sections. */
function blocksOf(items: readonly OverviewItem[], { canShow }: Pick<Room, 'canShow'>): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  let shared: string | undefined;
  for (const [index, { words, queue, small }] of items.entries()) {
    const isAlone = (queue && canShow) || small !== undefined || words.includes('\n');
    const joined = isAlone || shared === undefined ? undefined : `${shared}\n${words}`;
    if (joined !== undefined && joined.length <= roomInSection) {
      blocks[blocks.length - 1] = section(joined);
      shared = joined;
      continue;
    }
    if (small !== undefined) blocks.push(plainContext(small));
    else blocks.push({ ...section(words), ...(queue && canShow && { accessory: showButton(queue, index) }) });
    shared = isAlone ? undefined : words;
  }
  return blocks;
}

function showButton(queue: NonNullable<OverviewItem['queue']>, index: number) {
  const value = { q: queue.arn, n: 1 };
  const label = `Show the card of ${queue.alias}`.slice(0, 75);
  return { ...button(`${actionIds.showQueue}:${index}`, 'Show card', value), accessibility_label: label };
}

/** Refresh keeps the page; the others turn it. */
function pageButtons({ page, pages, nextUnfolds }: Page) {
  const next = nextUnfolds ? 'Show empty queues' : 'Next';
  return [
    button(actionIds.refreshOverview, 'Refresh', { p: page }),
    ...(page > 0 ? [button(`${actionIds.turnPage}:previous`, 'Previous', { p: page - 1 })] : []),
    ...(page < pages - 1 ? [button(`${actionIds.turnPage}:next`, next, { p: page + 1 })] : []),
  ];
}

/**
 * A Home holds 100 blocks and has no plain text; more queues than this are hard to read. No card can be posted from it.
 */
const roomInHome: Room = { characters: 9_000, blocks: 60, times: 1, canShow: false };

export function appHomeView(
  { overview, page, leavesOut, watches }: AppHome,
  { workspaceUrl, version }: { workspaceUrl: string; version: string },
): Message {
  const none = 'The settings list no queues that can be shown here.';
  const { summary, blocks, buttons, seen } = partsOfPage(overview, page, roomInHome, none);
  const title = 'Dead-letter queue redrives';
  return {
    text: title,
    blocks: [
      header(title),
      section(summary),
      ...blocks,
      ...(leavesOut ? [context(elsewhere)] : []),
      buttons,
      ...(watches ? [watchedSection(watches, workspaceUrl)] : []),
      context(`Type ${codeSpan(`${commandName} <queue>`)} in a channel to get a queue's card.`),
      context(`${seen} · dlq-tasks ${escaped(version)}`),
    ],
  };
}

const elsewhere =
  "Queues limited to certain channels are shown only there, because Slack doesn't tell the bot who is in them.";

function watchedSection(watches: NonNullable<AppHome['watches']>, workspaceUrl: string): KnownBlock {
  const lines = watches.length === 0 ? ['Nothing right now.'] : watchLines(watches, workspaceUrl);
  return section(["*You're watching*", ...lines].join('\n'));
}
