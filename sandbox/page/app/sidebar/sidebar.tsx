import { useEffect, useRef } from 'react';
import { Icon } from '../ui/icons.tsx';
import { AppList } from './app-list.tsx';
import { ChannelList } from './channel-list.tsx';
import { PersonSwitch } from './person-switch.tsx';
import { SandboxPanel } from './sandbox-panel.tsx';

type Props = {
  channel: string;
  isHomeOpen: boolean;
  unread: Set<string>;
  isOpen: boolean;
  onClose: () => void;
  onPerson: (id: string) => void;
};

export function Sidebar({ channel, isHomeOpen, unread, isOpen, onClose, onPerson }: Props) {
  const closeButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isOpen) closeButton.current?.focus();
  }, [isOpen]);
  return (
    <nav className={`sidebar${isOpen ? ' open' : ''}`} aria-label="Workspace">
      <header className="sidebar-header">
        <h1>Sandbox</h1>
        <button
          type="button"
          className="icon-button drawer-close"
          aria-label="Close sidebar"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="sidebar-scroll">
        <ChannelList channel={channel} unread={unread} />
        <AppList isOpen={isHomeOpen} />
        <SandboxPanel />
      </div>
      <PersonSwitch onPerson={onPerson} />
    </nav>
  );
}
