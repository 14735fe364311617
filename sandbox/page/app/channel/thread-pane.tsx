import { useState } from 'react';
import type { Channel } from '../../../slack/page-contract.ts';
import { Composer } from '../composer/composer.tsx';
import { Announcer } from '../messages/announcer.tsx';
import { MessageList } from '../messages/message-list.tsx';
import { inThread, itemsOf } from '../messages/visible-messages.ts';
import { Icon } from '../ui/icons.tsx';
import type { Notice } from '../use-notices.ts';
import { useWorkspace } from '../workspace.ts';

type Props = { channel: Channel; thread: string; notices: Notice[]; onDismiss: (id: string) => void };

export function ThreadPane({ channel, thread, notices, onDismiss }: Props) {
  const { state, me, closeThread } = useWorkspace();
  const [sent, setSent] = useState(0);
  const messages = inThread(state.messages, channel.id, thread, me.id);
  const here = notices.filter((notice) => notice.channel === channel.id && notice.threadTs === thread);
  const place = { channel: channel.id, threadTs: thread };
  return (
    <aside className="pane thread-pane" aria-label="Thread">
      <header className="pane-header">
        <div className="pane-title">
          <h2>Thread</h2>
          <p>#{channel.name}</p>
        </div>
        <button type="button" className="icon-button" aria-label="Close thread" onClick={closeThread}>
          <Icon name="close" />
        </button>
      </header>
      <MessageList
        label="Thread messages"
        items={itemsOf(messages, here)}
        isThread
        sent={sent}
        onDismiss={onDismiss}
      >
        {messages[0]?.ts !== thread && <p className="gone">The first message of this thread was deleted.</p>}
      </MessageList>
      {!channel.isArchived && (
        <Composer place={place} label="Reply in thread" onSent={() => setSent(sent + 1)} hasFocus />
      )}
      <Announcer messages={messages} />
    </aside>
  );
}
