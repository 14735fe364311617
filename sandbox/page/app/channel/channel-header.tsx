import type { Channel } from '../../../slack/page-contract.ts';
import { Icon } from '../ui/icons.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { useWorkspace, type Workspace } from '../workspace.ts';

type Props = { channel: Channel; onMenu: () => void };

export function ChannelHeader({ channel, onMenu }: Props) {
  const workspace = useWorkspace();
  const { bot } = workspace.state;
  const items = channelItems(channel, workspace);
  return (
    <header className="pane-header">
      <button type="button" className="icon-button drawer-open" aria-label="Open sidebar" onClick={onMenu}>
        <Icon name="menu" />
      </button>
      <div className="pane-title">
        <h2>
          <Icon name={channel.isPrivate ? 'lock' : 'hash'} />
          <span>{channel.name}</span>
        </h2>
        <p>{channel.topic}</p>
      </div>
      {channel.botIsMember ? (
        <span className="bot-here">{bot.name} is here</span>
      ) : (
        <button type="button" className="button small" onClick={() => setMember(channel, true, workspace)}>
          Invite {bot.name}
        </button>
      )}
      <Menu label="Channel actions" className="icon-button" items={items}>
        <Icon name="more" />
      </Menu>
    </header>
  );
}

function channelItems(channel: Channel, workspace: Workspace): MenuItem[] {
  const { act, state } = workspace;
  const { id, name, botIsMember, isArchived } = channel;
  return [
    {
      key: 'member',
      label: botIsMember ? `Remove ${state.bot.name} from #${name}` : `Invite ${state.bot.name} to #${name}`,
      onPick: () => setMember(channel, !botIsMember, workspace),
    },
    {
      key: 'archive',
      label: isArchived ? `Unarchive #${name}` : `Archive #${name}`,
      isDanger: !isArchived,
      onPick: () => void act({ do: 'set-archived', channel: id, isArchived: !isArchived }, { channel: id }),
    },
  ];
}

function setMember({ id, name }: Channel, isMember: boolean, { act, toast, state }: Workspace) {
  const words = isMember
    ? `${state.bot.name} joined #${name}`
    : `${state.bot.name} was removed from #${name}`;
  void act({ do: 'set-bot-member', channel: id, isMember }, { channel: id }).then((isDone) => {
    if (isDone) toast(words);
  });
}
