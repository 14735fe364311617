import type { Completion, Help } from './complete.ts';

type Props = {
  id: string;
  help: Help;
  chosen: number;
  isOpen: boolean;
  onPick: (completion: Completion) => void;
};

export function CompletionList({ id, help, chosen, isOpen, onPick }: Props) {
  const { completions, hint } = help;
  const showsList = isOpen && completions.length > 0;
  if (!showsList && !hint) return null;
  return (
    <div className="completions">
      {hint && (
        <p className="usage-hint">
          <b>{hint.command}</b> {hint.usageHint}
        </p>
      )}
      {showsList && (
        <div id={id} role="listbox" aria-label="Completions">
          {completions.map((completion, place) => (
            <div
              key={completion.text}
              id={`${id}-${place}`}
              role="option"
              tabIndex={-1}
              aria-selected={place === chosen}
              className="completion"
              onPointerDown={(event) => {
                event.preventDefault();
                onPick(completion);
              }}
            >
              <b>{completion.shown}</b> <span>{completion.about}</span>
            </div>
          ))}
          <p className="keys">
            <kbd>↑</kbd> <kbd>↓</kbd> to choose · <kbd>Tab</kbd> to complete · <kbd>Enter</kbd> to send ·{' '}
            <kbd>Esc</kbd> to close
          </p>
        </div>
      )}
    </div>
  );
}
