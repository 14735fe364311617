import { useState } from 'react';
import type { PageMessage } from '../../../slack/page-contract.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { useWorkspace, type Workspace } from '../workspace.ts';

type Props = { message: PageMessage; isInThread: boolean; onMenu: (isOpen: boolean) => void };

export function MessageToolbar({ message, isInThread, onMenu }: Props) {
  const workspace = useWorkspace();
  const [isSourceOpen, setIsSourceOpen] = useState(false);
  const isEphemeral = message.ephemeralFor !== undefined;
  const openThread = () => workspace.openThread(message.channel, message.threadTs ?? message.ts);
  const source = { key: 'source', label: 'View as JSON', onPick: () => setIsSourceOpen(true) };
  const items = isEphemeral ? [source] : [...itemsFor(message, workspace, openThread), source];
  return (
    <div className="toolbar">
      {!isEphemeral && !isInThread && (
        <button
          type="button"
          className="icon-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={openThread}
        >
          <Icon name="reply" />
        </button>
      )}
      <Menu label="More actions" className="icon-button" items={items} onOpen={onMenu}>
        <Icon name="more" />
      </Menu>
      {isSourceOpen && (
        <Dialog title="Message as JSON" className="wide" onClose={() => setIsSourceOpen(false)}>
          <pre className="code-block source">{JSON.stringify(message, null, 2)}</pre>
        </Dialog>
      )}
    </div>
  );
}

function itemsFor(message: PageMessage, workspace: Workspace, openThread: () => void): MenuItem[] {
  const { state, me, act } = workspace;
  const { channel, ts, threadTs } = message;
  const place = threadTs === undefined ? { channel } : { channel, threadTs };
  return [
    ...state.shortcuts.map(({ callbackId, name }) => ({
      key: callbackId,
      label: `${name} · ${state.bot.name}`,
      onPick: () => void act({ do: 'shortcut', person: me.id, channel, ts, callbackId }, place),
    })),
    { key: 'reply', label: 'Reply in thread', onPick: openThread },
    {
      key: 'delete',
      label: 'Delete message',
      isDanger: true,
      onPick: () => void act({ do: 'delete', channel, ts }, place),
    },
  ];
}
