import { DatabaseSync } from 'node:sqlite';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';
import { movedInWords } from '../../src/domain/task-words.ts';
import { messagesInWords } from '../../src/domain/wording.ts';
import type { Watched } from './campaign.ts';
import { hasButton } from './people.ts';
import type { Redrive, RedriveEnd } from './redrives.ts';
import { isDirect, kindOf, saidOf } from './said.ts';

const endWords: Record<RedriveEnd, string> = {
  COMPLETED: 'has completed.',
  FAILED: 'has failed.',
  CANCELLED: 'was canceled.',
};
const statusWords: Record<RedriveEnd, string> = {
  COMPLETED: '✅ Completed',
  FAILED: '❌ Failed',
  CANCELLED: '🚫 Canceled',
};

/** What people must see in the end. */
export function expectedOf({ queue, redrive, card, watchers }: Watched) {
  const { end, left, comesBack } = redrive;
  const moved = movedAtLast(redrive);
  return {
    watch: `${queue.name} in ${card.channel}`,
    ended: [
      {
        headline: `The redrive of \`${queue.name}\` ${endWords[end]}`,
        moved,
        left: `about ${messagesInWords(left)} left in the DLQ`,
        names: [...watchers].sort(),
        isForAll: end === 'FAILED',
      },
    ],
    cameBack: comesBack ? [`${messagesInWords(comesBack).replace(' ', ' more ')}`] : [],
    card: { status: statusWords[end], moved, canBeWatched: false },
    others: [],
  };
}
type Outcome = { [K in keyof ReturnType<typeof expectedOf>]: unknown };

/** On a slow machine with AWS faults, polls may fail for minutes, and it is right to say so. */
const expectedKinds = ['joined', 'ended', 'bounced-back', 'cannot-see', 'can-see-again'];

/** What they actually see: the card, and the messages about it. */
export function outcomeOf({ queue, card }: Watched, slack: Pick<LocalSlack, 'thread' | 'state'>): Outcome {
  const [parent] = slack.thread(card.channel, card.ts);
  const replies = saidOf({ card }, slack);
  const ofKind = (kind: string) => replies.filter((reply) => kindOf(reply) === kind);
  return {
    watch: `${queue.name} in ${card.channel}`,
    ended: ofKind('ended').map(endedIn),
    cameBack: ofKind('bounced-back').map(({ text }) => /^↩️ \*(.*?) in the DLQ/.exec(text)?.[1]),
    card: parent && cardIn(parent),
    others: replies.filter((reply) => !expectedKinds.includes(kindOf(reply))).map(({ text }) => text),
  };
}

/** Notifications of an end in the channels, without direct messages. */
export function endsTold(slack: Pick<LocalSlack, 'state'>): number {
  return slack.state().messages.filter((said) => kindOf(said) === 'ended' && !isDirect(said)).length;
}

/** What the bot still stores once everything is delivered; its process must have ended. */
export function leftInStore(file: string) {
  const database = new DatabaseSync(file, { readOnly: false });
  const rows = database.prepare('SELECT phase, notice_at, edit_at FROM watches').all();
  database.close();
  return {
    watches: rows.length,
    live: rows.filter((row) => row['phase'] !== 'over').length,
    undelivered: rows.filter((row) => row['notice_at'] !== null || row['edit_at'] !== null).length,
  };
}

function endedIn({ text, threadTs, isBroadcast = false }: PageMessage) {
  const [first = '', facts = ''] = text.split('\n');
  const [moved, ...others] = facts.split(' · ');
  return {
    headline: /\*(.*)\*/.exec(first)?.[1],
    moved,
    left: others.at(-1),
    names: [...text.matchAll(/<@(\w+)>/g)].map(([, id]) => id).sort(),
    // If Slack accepts no replies, everyone is notified of every end directly.
    isForAll: threadTs === undefined ? first.includes('has failed') : isBroadcast,
  };
}

function cardIn({ text, blocks }: PageMessage) {
  const [, status = '', counts = ''] = text.split('\n');
  return {
    status: status.split(' · ')[0],
    moved: counts.split(' · ')[0],
    canBeWatched: hasButton(blocks, 'Watch'),
  };
}

function movedAtLast({ end, moved, total, startedAt }: Redrive): string {
  return movedInWords({ status: end, statusText: end, moved, toMove: total, startedAt });
}
