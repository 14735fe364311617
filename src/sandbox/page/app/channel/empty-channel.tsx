import type { Channel } from '../../../slack/page-contract.ts';
import { Icon } from '../ui/icons.tsx';
import { useWorkspace } from '../workspace.ts';

export function EmptyChannel({ channel }: { channel: Channel }) {
  const { state } = useWorkspace();
  const command = state.commands[0]?.command ?? '/dlq-tasks';
  const queue = state.completions.find((word) => word.includes('dlq')) ?? 'orders-dlq';
  return (
    <div className="empty">
      <span className="empty-mark">
        <Icon name={channel.isPrivate ? 'lock' : 'hash'} />
      </span>
      <h3>This is #{channel.name}</h3>
      <p>{channel.topic}</p>
      <p>
        Type{' '}
        <code>
          {command} {queue}
        </code>{' '}
        to see how the redrive of that queue is doing.
      </p>
    </div>
  );
}
