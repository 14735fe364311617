import { useId, useLayoutEffect, useRef } from 'react';
import { Icon } from '../ui/icons.tsx';
import { type Place, useWorkspace } from '../workspace.ts';
import { CompletionList } from './completion-list.tsx';
import { useComposer } from './use-composer.ts';

/** A text that is put into the composer for the person to send; a new object each time. */
export type Draft = { text: string };

type Props = {
  place: Place;
  label: string;
  draft?: Draft | undefined;
  onSent: () => void;
  hasFocus?: boolean;
};

export function Composer({ place, label, draft, onSent, hasFocus = false }: Props) {
  const { act, me } = useWorkspace();
  const input = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const onSend = (text: string) => {
    void act({ do: 'send', person: me.id, ...place, text: text.trim() }, place);
    onSent();
  };
  const { text, setText, help, isOpen, chosen, pick, send, onKeyDown } = useComposer(onSend);
  useLayoutEffect(() => {
    if (!input.current) return;
    input.current.style.height = 'auto';
    input.current.style.height = text === '' ? '' : `${input.current.scrollHeight}px`;
  }, [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each draft, not for each new setText
  useLayoutEffect(() => {
    if (!draft) return;
    setText(draft.text);
    input.current?.focus();
  }, [draft]);
  useLayoutEffect(() => {
    if (hasFocus && matchMedia('(hover: hover)').matches) input.current?.focus();
  }, [hasFocus]);
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
        input.current?.focus();
      }}
    >
      <CompletionList id={listId} help={help} chosen={chosen} isOpen={isOpen} onPick={pick} />
      <div className="composer-box">
        <textarea
          ref={input}
          rows={1}
          value={text}
          aria-label={label}
          placeholder={label}
          aria-autocomplete="list"
          aria-controls={isOpen ? listId : undefined}
          aria-activedescendant={isOpen && chosen >= 0 ? `${listId}-${chosen}` : undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="send" aria-label="Send" disabled={text.trim() === ''}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
