import { useWorkspace } from '../workspace.ts';

export function UserMention({ id, label }: { id: string; label?: string | undefined }) {
  const { state, me } = useWorkspace();
  const known = id === state.bot.userId ? state.bot : state.people.find((person) => person.id === id);
  const pings = id === me.id ? ' mention-me' : '';
  return <span className={`mention${pings}`}>@{known?.name ?? label ?? id}</span>;
}

export function ChannelMention({ id, label }: { id: string; label?: string | undefined }) {
  const { state, openChannel } = useWorkspace();
  const channel = state.channels.find((known) => known.id === id);
  if (!channel) return <span className="mention">#{label ?? id}</span>;
  return (
    <button type="button" className="mention" onClick={() => openChannel(channel.id)}>
      #{channel.name}
    </button>
  );
}

export function GroupMention({ id, label }: { id: string; label?: string | undefined }) {
  const { state } = useWorkspace();
  return <span className="mention">{label ?? `@${state.groupNames?.[id] ?? id}`}</span>;
}

/** Mentions of everyone are highlighted, so that nobody overlooks one that should not be there. */
export function BroadcastMention({ to }: { to: string }) {
  return (
    <span className="mention mention-me" data-broadcast={to}>
      @{to}
    </span>
  );
}
