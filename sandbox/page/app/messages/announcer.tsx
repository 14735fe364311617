import { useEffect, useState } from 'react';
import type { PageMessage } from '../../../slack/page-contract.ts';
import { spokenText } from '../text/spoken-text.ts';
import { useWorkspace } from '../workspace.ts';
import { useAuthorName } from './author.tsx';

/** Announces other people's new messages to screen readers by their plain text, as Slack does. */
export function Announcer({ messages }: { messages: PageMessage[] }) {
  const { me, state } = useWorkspace();
  const newest = messages.at(-1);
  const author = useAuthorName(newest?.author ?? '');
  const [openedAt] = useState(() => Date.now() / 1000);
  const [said, setSaid] = useState('');
  const isNew = newest !== undefined && newest.author !== me.id && Number(newest.ts) > openedAt;
  const words = isNew ? `${author}: ${spokenText(newest.text, state)}` : '';
  useEffect(() => setSaid(words), [words]);
  return (
    <p className="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}
