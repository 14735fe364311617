import type { PageMessage } from './page-contract.ts';

export type Draft = {
  channel: string;
  author: string;
  text: string;
  threadTs?: string | undefined;
  blocks?: unknown[] | undefined;
  attachments?: unknown[] | undefined;
  metadata?: PageMessage['metadata'] | undefined;
  ephemeralFor?: string | undefined;
  isBroadcast?: boolean | undefined;
};

export type MessageStore = ReturnType<typeof createMessageStore>;

export const slackbotId = 'USLACKBOT';

const keyOf = (channel: string, ts: string) => `${channel} ${ts}`;

/** All messages of the workspace. A stored message is never modified, only replaced by an edited copy. */
export function createMessageStore(nextTs: () => string, changed: () => void) {
  const byKey = new Map<string, PageMessage>();
  const repliesOf = new Map<string, Set<string>>();
  const tombstones = new Set<string>();

  const find = (channel: string, ts: string) => byKey.get(keyOf(channel, ts));
  const isDeleted = ({ channel, ts }: PageMessage) => tombstones.has(keyOf(channel, ts));
  const replace = (message: PageMessage) => {
    byKey.set(keyOf(message.channel, message.ts), message);
    changed();
  };

  function countReplies(channel: string, parentTs: string) {
    const parent = find(channel, parentTs);
    if (!parent) return;
    const { replies: _, ...alone } = parent;
    const replies = [...(repliesOf.get(keyOf(channel, parentTs)) ?? [])];
    const latestTs = replies.at(-1);
    if (latestTs) replace({ ...alone, replies: { count: replies.length, latestTs } });
    else if (isDeleted(parent)) drop(channel, parentTs);
    else replace(alone);
  }

  function drop(channel: string, ts: string) {
    byKey.delete(keyOf(channel, ts));
    tombstones.delete(keyOf(channel, ts));
    repliesOf.delete(keyOf(channel, ts));
    changed();
  }

  function add(draft: Draft): PageMessage {
    const message = { ...withoutGaps(draft), ts: nextTs() };
    replace(message);
    if (message.threadTs && !message.ephemeralFor) {
      const parentKey = keyOf(message.channel, message.threadTs);
      repliesOf.set(parentKey, (repliesOf.get(parentKey) ?? new Set()).add(message.ts));
      countReplies(message.channel, message.threadTs);
    }
    return message;
  }

  /** Slack accepts a private message for a thread without replies, and shows it to nobody. */
  function addPrivate(draft: Draft & { ephemeralFor: string }): Pick<PageMessage, 'ts'> {
    const { channel, threadTs } = draft;
    const isUnseen = threadTs !== undefined && find(channel, threadTs)?.replies === undefined;
    return isUnseen ? { ts: nextTs() } : add(draft);
  }

  /** A deleted parent with replies leaves a tombstone, so that its thread stays. */
  function remove(channel: string, ts: string): boolean {
    const message = find(channel, ts);
    if (!message || isDeleted(message)) return false;
    if (message.replies) {
      tombstones.add(keyOf(channel, ts));
      replace({ ...tombstone, channel, ts, replies: message.replies });
      return true;
    }
    drop(channel, ts);
    if (message.threadTs) {
      repliesOf.get(keyOf(channel, message.threadTs))?.delete(ts);
      countReplies(channel, message.threadTs);
    }
    return true;
  }

  return { add, addPrivate, find, replace, remove, isDeleted, ...viewsOf(byKey, repliesOf) };
}

const tombstone = { author: slackbotId, text: 'This message was deleted.' };

function viewsOf(byKey: Map<string, PageMessage>, repliesOf: Map<string, Set<string>>) {
  const all = () => [...byKey.values()];
  return {
    all,
    /** What everyone sees in the channel's main view, oldest first. */
    inChannel: (channel: string) =>
      all().filter((m) => m.channel === channel && !m.ephemeralFor && (!m.threadTs || m.isBroadcast)),
    /** The parent and its replies, oldest first. */
    inThread(channel: string, ts: string): PageMessage[] {
      const replies = [...(repliesOf.get(keyOf(channel, ts)) ?? [])];
      return [ts, ...replies].flatMap((one) => byKey.get(keyOf(channel, one)) ?? []);
    },
    onlyFor: (personId: string) => all().filter((m) => m.ephemeralFor === personId),
  };
}

function withoutGaps(draft: Draft): Omit<PageMessage, 'ts'> {
  const { channel, author, text, threadTs, blocks, attachments, metadata, ephemeralFor, isBroadcast } = draft;
  return {
    channel,
    author,
    text,
    ...(threadTs && { threadTs }),
    ...(blocks?.length && { blocks }),
    ...(attachments?.length && { attachments }),
    ...(metadata && { metadata }),
    ...(ephemeralFor && { ephemeralFor }),
    ...(isBroadcast && { isBroadcast }),
  };
}

/** Slack's timestamps: microseconds, unique, always increasing. */
export function timestamps(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(now()) * 1_000);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
  };
}
