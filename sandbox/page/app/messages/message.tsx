import { useState } from 'react';
import type { PageMessage } from '../../../slack/page-contract.ts';
import { Icon } from '../ui/icons.tsx';
import { useWorkspace } from '../workspace.ts';
import { AuthorAvatar, AuthorName, useAuthorName } from './author.tsx';
import { MessageBody } from './message-body.tsx';
import { MessageTime } from './message-time.tsx';
import { MessageToolbar } from './message-toolbar.tsx';
import { RepliedToThread, ThreadLink } from './thread-link.tsx';
import { timeOf } from './visible-messages.ts';

type Props = { message: PageMessage; isContinued: boolean; isInThread: boolean };

export function Message({ message, isContinued, isInThread }: Props) {
  const [hasOpenMenu, setHasOpenMenu] = useState(false);
  const at = timeOf(message.ts);
  const author = useAuthorName(message.author);
  const { me } = useWorkspace();
  const pingsMe = message.text.includes(`<@${me.id}>`) || /<!(?:channel|here|everyone)>/.test(message.text);
  const state = `${isContinued ? ' continued' : ''}${hasOpenMenu ? ' has-menu' : ''}${pingsMe ? ' pings-me' : ''}`;
  return (
    <article className={`message${state}`} data-ts={message.ts} aria-label={`Message from ${author}`}>
      {message.ephemeralFor !== undefined && <OnlyVisibleToYou />}
      {message.isBroadcast && !isInThread && <RepliedToThread message={message} />}
      {isContinued ? (
        <span className="gutter">
          <MessageTime at={at} />
        </span>
      ) : (
        <AuthorAvatar id={message.author} />
      )}
      <div className="message-main">
        {!isContinued && (
          <div className="message-head">
            <AuthorName id={message.author} />
            <MessageTime at={at} />
          </div>
        )}
        <MessageBody message={message} />
        {message.isBroadcast && isInThread && <p className="also-sent">Also sent to the channel</p>}
        {!isInThread && <ThreadLink message={message} />}
      </div>
      <MessageToolbar message={message} isInThread={isInThread} onMenu={setHasOpenMenu} />
    </article>
  );
}

export function OnlyVisibleToYou() {
  return (
    <p className="only-you">
      <Icon name="eye" /> Only visible to you
    </p>
  );
}
