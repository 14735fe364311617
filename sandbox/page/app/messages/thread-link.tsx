import type { PageMessage } from '../../../slack/page-contract.ts';
import { clockTime, dayName } from '../text/slack-date.ts';
import { useWorkspace } from '../workspace.ts';
import { AuthorAvatar } from './author.tsx';
import { timeOf } from './visible-messages.ts';

export function ThreadLink({ message }: { message: PageMessage }) {
  const { state, openThread } = useWorkspace();
  if (!message.replies || message.replies.count === 0) return null;
  const replies = state.messages.filter(
    (one) => one.channel === message.channel && one.threadTs === message.ts,
  );
  const authors = [...new Set(replies.map((reply) => reply.author))].slice(0, 3);
  const last = new Date(timeOf(message.replies.latestTs));
  const { count } = message.replies;
  return (
    <button type="button" className="thread-link" onClick={() => openThread(message.channel, message.ts)}>
      {authors.map((author) => (
        <AuthorAvatar key={author} id={author} />
      ))}
      <b>{count === 1 ? '1 reply' : `${count} replies`}</b>
      <span>
        Last reply {dayName(last).toLowerCase()} at {clockTime(last)}
      </span>
    </button>
  );
}

export function RepliedToThread({ message }: { message: PageMessage }) {
  const { state, openThread } = useWorkspace();
  const { threadTs, channel } = message;
  if (threadTs === undefined) return null;
  const parent = state.messages.find((one) => one.channel === channel && one.ts === threadTs);
  return (
    <p className="replied-to">
      replied to a thread:{' '}
      <button type="button" className="link" onClick={() => openThread(channel, threadTs)}>
        {parent ? firstWords(parent.text) : 'open it'}
      </button>
    </p>
  );
}

function firstWords(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line || 'a message';
}
