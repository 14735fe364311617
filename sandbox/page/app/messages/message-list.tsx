import type { ReactNode } from 'react';
import { dayName } from '../text/slack-date.ts';
import { Icon } from '../ui/icons.tsx';
import { Message } from './message.tsx';
import { NoticeMessage } from './notice-message.tsx';
import { useStickToBottom } from './use-stick-to-bottom.ts';
import type { Item } from './visible-messages.ts';

type Props = {
  label: string;
  items: Item[];
  isThread: boolean;
  /** How many times this person has sent something here. */
  sent: number;
  onDismiss: (id: string) => void;
  /** Shown above the first message. */
  children?: ReactNode;
};

export function MessageList({ label, items, isThread, sent, onDismiss, children }: Props) {
  const { outer, inner, hasNewBelow, toBottom } = useStickToBottom(items.at(-1)?.key, sent);
  return (
    <div className="list-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard */}
      <section className="message-list" aria-label={label} ref={outer} tabIndex={0}>
        <div className="message-list-inner" ref={inner}>
          {children}
          {items.map((item) => (
            <Row key={item.key} item={item} isThread={isThread} onDismiss={onDismiss} />
          ))}
        </div>
      </section>
      {hasNewBelow && (
        <button type="button" className="new-below" onClick={toBottom}>
          New messages <Icon name="chevron" />
        </button>
      )}
    </div>
  );
}

function Row({
  item,
  isThread,
  onDismiss,
}: {
  item: Item;
  isThread: boolean;
  onDismiss: (id: string) => void;
}) {
  if (item.is === 'notice') return <NoticeMessage notice={item.notice} onDismiss={onDismiss} />;
  if (item.is === 'message') {
    return <Message message={item.message} isContinued={item.isContinued} isInThread={isThread} />;
  }
  if (isThread) return null;
  return (
    <h3 className="day">
      <span>{dayName(new Date(item.at))}</span>
    </h3>
  );
}
