import { get } from 'node-emoji';

/** Names that Slack knows and node-emoji does not. */
const slackNames: Record<string, string> = {
  black_square_for_stop: '⏹️',
  grey_question: '❔',
  large_green_circle: '🟢',
  large_orange_circle: '🟠',
  large_purple_circle: '🟣',
  large_red_circle: '🔴',
  large_yellow_circle: '🟡',
  octagonal_sign: '🛑',
  thumbsdown: '👎',
  thumbsup: '👍',
};

function emojiFor(name: string): string | undefined {
  return slackNames[name] ?? get(name);
}

export function Emoji({ name }: { name: string }) {
  const symbol = emojiFor(name);
  if (symbol === undefined) return <>:{name}:</>;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {symbol}
    </span>
  );
}
