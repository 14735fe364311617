import { MrkdwnText } from '../text/mrkdwn-text.tsx';
import { SlackbotAvatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icons.tsx';
import type { Notice } from '../use-notices.ts';
import { OnlyVisibleToYou } from './message.tsx';
import { MessageTime } from './message-time.tsx';

export function NoticeMessage({ notice, onDismiss }: { notice: Notice; onDismiss: (id: string) => void }) {
  return (
    <article className="message" aria-label="Message from Slackbot">
      <OnlyVisibleToYou />
      <SlackbotAvatar />
      <div className="message-main">
        <div className="message-head">
          <b className="author">Slackbot</b>
          <MessageTime at={notice.at} />
        </div>
        <MrkdwnText text={notice.text} />
      </div>
      <div className="toolbar">
        <button
          type="button"
          className="icon-button"
          aria-label="Dismiss"
          onClick={() => onDismiss(notice.id)}
        >
          <Icon name="close" />
        </button>
      </div>
    </article>
  );
}
