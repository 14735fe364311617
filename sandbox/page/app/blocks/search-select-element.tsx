import { type KeyboardEvent, useContext, useEffect, useId, useRef, useState } from 'react';
import type { PageOption } from '../../../slack/page-contract.ts';
import { type Json, recordOf, stringOf } from '../json.ts';
import { type Field, ModalContext } from '../modal/modal-context.ts';
import { plainText } from '../text/text-object.tsx';
import { useWorkspace } from '../workspace.ts';
import type { ElementProps } from './block-element.tsx';
import { MessageContext } from './use-press.ts';

type Props = ElementProps & { blockId: string; field?: Field };

/** A pause this long ends a word. */
const pauseMs = 150;

/**
 * A select whose options come from the bot while a person types. In a form, it continues to show the choice.
 */
export function SearchSelectElement({ element, blockId, isBusy, onPress, field }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const [query, setQuery] = useState(() => (field ? initialWords(element) : ''));
  const options = useSearch({ element, blockId, query, isOpen });
  const list = useId();
  const label = plainText(element['placeholder']) || 'Choose an option';
  const pick = ({ value, text }: PageOption) => {
    setIsOpen(false);
    if (field) setQuery(text);
    onPress(value);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only receives events from its input and options
    <div
      className="search-select"
      onKeyDown={(event) => moveInOptions(event, isOpen, () => setIsOpen(false))}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setIsOpen(false)}
    >
      <input
        className="select"
        role="combobox"
        {...(field ? field.attributes : { 'aria-label': label })}
        aria-expanded={isOpen}
        aria-controls={list}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder={label}
        disabled={isBusy}
        value={query}
        onFocus={() => field || setIsOpen(true)}
        onClick={() => setIsOpen(true)}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setIsOpen(true);
        }}
      />
      {isOpen && <Options id={list} label={label} options={options} onPick={pick} />}
    </div>
  );
}

const initialWords = (element: Json) => plainText(recordOf(element['initial_option'])['text']);

/** The arrow keys move through the options; Escape closes them, but not the form around them. */
function moveInOptions(event: KeyboardEvent<HTMLDivElement>, isOpen: boolean, close: () => void) {
  if (!isOpen) return;
  const places = [...event.currentTarget.querySelectorAll<HTMLElement>('input, button')];
  const at = places.findIndex((place) => place.matches(':focus'));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Escape: 0 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  places.at(to % places.length)?.focus();
  if (event.key === 'Escape') close();
}

type OptionsProps = {
  id: string;
  label: string;
  options: PageOption[] | undefined;
  onPick: (option: PageOption) => void;
};

function Options({ id, label, options, onPick }: OptionsProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other options have another height
  useEffect(() => list.current?.scrollIntoView({ block: 'nearest' }), [options]);
  if (!options?.length) return <p className="search-options">{options ? 'No results' : 'Loading…'}</p>;
  return (
    <div ref={list} className="search-options" id={id} role="listbox" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="option"
          aria-selected={false}
          onClick={() => onPick(option)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}

type Search = Pick<Props, 'element' | 'blockId'> & { query: string; isOpen: boolean };

function useSearch({ element, blockId, query, isOpen }: Search): PageOption[] | undefined {
  const { ask, me } = useWorkspace();
  const { channel = '', ts = '' } = useContext(MessageContext) ?? {};
  const viewId = useContext(ModalContext)?.modal.id;
  const [options, setOptions] = useState<PageOption[]>();
  const actionId = stringOf(element['action_id']) ?? '';
  useEffect(() => {
    if (!isOpen) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const typed = { person: me.id, blockId, actionId, query };
      const found = await ask(
        viewId === undefined
          ? { do: 'search', channel, ts, ...typed }
          : { do: 'search-modal', viewId, values: {}, ...typed },
        { channel },
      );
      if (isCurrent) setOptions(found.ok ? (found.options ?? []) : []);
    }, pauseMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [ask, me.id, channel, ts, viewId, blockId, actionId, query, isOpen]);
  return options;
}
