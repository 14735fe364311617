import { Icon } from '../ui/icons.tsx';
import { useWorkspace } from '../workspace.ts';

export function ChannelList({ channel, unread }: { channel: string; unread: Set<string> }) {
  const { state, openChannel } = useWorkspace();
  return (
    <section aria-label="Channels">
      <h2 className="sidebar-title">Channels</h2>
      <ul className="channel-list">
        {state.channels.map(({ id, name, isPrivate, isArchived }) => (
          <li key={id}>
            <button
              type="button"
              className={`channel${unread.has(id) ? ' unread' : ''}${isArchived ? ' archived' : ''}`}
              aria-current={id === channel ? 'page' : undefined}
              onClick={() => openChannel(id)}
            >
              <Icon name={isPrivate ? 'lock' : 'hash'} />
              <span className="channel-name">{name}</span>
              {isPrivate && <span className="unseen">(private)</span>}
              {isArchived && <small>archived</small>}
              {unread.has(id) && (
                <span className="unread-mark">
                  <span className="unseen">(unread)</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
