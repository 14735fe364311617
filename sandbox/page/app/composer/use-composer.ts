import { type KeyboardEvent, useState } from 'react';
import { useWorkspace } from '../workspace.ts';
import { type Completion, complete } from './complete.ts';
import { type ComposerKeys, pressKey } from './composer-keys.ts';
import { useHistory } from './use-history.ts';

/** The state of a composer and what its keys do. */
export function useComposer(onSend: (text: string) => void) {
  const { state } = useWorkspace();
  const [text, setTextOnly] = useState('');
  const [picked, setPicked] = useState<number>();
  const [isClosed, setIsClosed] = useState(false);
  const history = useHistory();
  const help = complete(text, state);
  const isOpen = !isClosed && help.completions.length > 0;
  const chosen = picked ?? (help.isFirstChosen ? 0 : -1);
  const setText = (next: string) => {
    setTextOnly(next);
    setPicked(undefined);
    setIsClosed(false);
  };
  const pick = (completion: Completion | undefined) => completion && setText(completion.text);
  const send = () => {
    if (text.trim() === '') return;
    history.add(text);
    onSend(text);
    setText('');
  };
  const move = (step: 1 | -1) => {
    const count = help.completions.length;
    setPicked(chosen < 0 && step < 0 ? count - 1 : (chosen + step + count) % count);
  };
  const walk = (step: 1 | -1): boolean => {
    if (!history.isWalking(text)) return false;
    const earlier = history.walk(step);
    if (earlier === undefined) return false;
    setText(earlier);
    setIsClosed(true);
    return true;
  };
  const keys: ComposerKeys = {
    isOpen,
    hasChoice: chosen >= 0,
    move,
    walk,
    send,
    close: () => setIsClosed(true),
    pick: () => pick(help.completions[Math.max(chosen, 0)]),
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.shiftKey || event.nativeEvent.isComposing || !pressKey(event.key, keys)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { text, setText, help, isOpen, chosen, pick, send, onKeyDown };
}
