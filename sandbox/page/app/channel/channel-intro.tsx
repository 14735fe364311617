import type { Channel, Suggestion } from '../../../slack/page-contract.ts';
import { Icon } from '../ui/icons.tsx';
import { useWorkspace, type Workspace } from '../workspace.ts';

type Props = { channel: Channel; onPick: (text: string) => void };

/** Shown above a channel's first message, as in Slack, with what a newcomer can try. */
export function ChannelIntro({ channel, onPick }: Props) {
  const { state, openSidebar } = useWorkspace();
  const shortcut = state.shortcuts[0]?.name;
  const hasRedrives = state.faults.some(({ kind }) => kind === 'redrive');
  return (
    <section className="intro" aria-label="What to try">
      <span className="intro-mark">
        <Icon name={channel.isPrivate ? 'lock' : 'hash'} />
      </span>
      <h3>This is #{channel.name}</h3>
      <p>{channel.topic}</p>
      <h4>Try one of these: click it, then send it</h4>
      <ul className="suggestions">
        {suggestionsOf(state).map((suggestion) => (
          <li key={suggestion.text}>
            <button type="button" className="suggestion" onClick={() => onPick(suggestion.text)}>
              <code>{suggestion.text}</code> <span>{suggestion.about}</span>
            </button>
          </li>
        ))}
      </ul>
      {shortcut && (
        <p>
          Or choose <b>{shortcut}</b> in the menu of a message that names a queue.
        </p>
      )}
      {hasRedrives && (
        <p>
          <button type="button" className="link" onClick={openSidebar}>
            Start a redrive, or break something
          </button>
        </p>
      )}
    </section>
  );
}

function suggestionsOf({ suggestions, commands, completions }: Workspace['state']): Suggestion[] {
  if (suggestions?.[0]) return suggestions;
  const command = commands[0]?.command ?? '/dlq-tasks';
  const queue = completions.find((word) => word.includes('dlq')) ?? 'orders-dlq';
  return [{ text: `${command} ${queue}`, about: "that queue's redrive" }];
}
