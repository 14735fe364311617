import { useState } from 'react';
import type { Channel } from '../../../slack/page-contract.ts';
import { Composer, type Draft } from '../composer/composer.tsx';
import { Announcer } from '../messages/announcer.tsx';
import { MessageList } from '../messages/message-list.tsx';
import { inChannel, itemsOf } from '../messages/visible-messages.ts';
import type { Notice } from '../use-notices.ts';
import { useWorkspace } from '../workspace.ts';
import { ChannelHeader } from './channel-header.tsx';
import { ChannelIntro } from './channel-intro.tsx';

type Props = { channel: Channel; notices: Notice[]; onDismiss: (id: string) => void; onMenu: () => void };

export function ChannelPane({ channel, notices, onDismiss, onMenu }: Props) {
  const { state, me } = useWorkspace();
  const [draft, setDraft] = useState<Draft>();
  const [sent, setSent] = useState(0);
  const messages = inChannel(state.messages, channel.id, me.id);
  const here = notices.filter((notice) => notice.channel === channel.id && notice.threadTs === undefined);
  const items = itemsOf(messages, here);
  return (
    <main className="pane channel-pane" aria-label={`Channel ${channel.name}`}>
      <ChannelHeader channel={channel} onMenu={onMenu} />
      <MessageList
        label={`Messages in #${channel.name}`}
        items={items}
        isThread={false}
        sent={sent}
        onDismiss={onDismiss}
      >
        {!channel.isArchived && <ChannelIntro channel={channel} onPick={(text) => setDraft({ text })} />}
      </MessageList>
      {channel.isArchived ? (
        <p className="archived-note">#{channel.name} is archived. No one can post here.</p>
      ) : (
        <Composer
          place={{ channel: channel.id }}
          label={`Message #${channel.name}`}
          draft={draft}
          onSent={() => setSent(sent + 1)}
          hasFocus
        />
      )}
      <Announcer messages={messages} />
    </main>
  );
}
