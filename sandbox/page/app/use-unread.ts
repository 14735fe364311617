import { useEffect, useState } from 'react';
import type { PageState } from '../../slack/page-contract.ts';
import { inChannel } from './messages/visible-messages.ts';

/** Channels with something new for this person. What was there when the page was opened counts as read. */
export function useUnread(state: PageState | undefined, person: string, open: string): Set<string> {
  const [readUpTo, setReadUpTo] = useState<Record<string, string>>({});
  const [openedAt] = useState(() => String(Date.now() / 1000));
  const newest = (channel: string) => inChannel(state?.messages ?? [], channel, person).at(-1);
  const seen = newest(open)?.ts;
  useEffect(() => {
    if (seen !== undefined) setReadUpTo((read) => ({ ...read, [`${person} ${open}`]: seen }));
  }, [person, open, seen]);
  const unread = (state?.channels ?? []).filter(({ id }) => {
    const last = newest(id);
    const read = readUpTo[`${person} ${id}`] ?? openedAt;
    return id !== open && last !== undefined && last.author !== person && Number(last.ts) > Number(read);
  });
  return new Set(unread.map(({ id }) => id));
}
