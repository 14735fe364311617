import { useContext, useEffect, useId, useState } from 'react';
import type { PageOption } from '../../../slack/page-contract.ts';
import { stringOf } from '../json.ts';
import { plainText } from '../text/text-object.tsx';
import { useWorkspace } from '../workspace.ts';
import type { ElementProps } from './block-element.tsx';
import { MessageContext } from './use-press.ts';

type Props = ElementProps & { blockId: string };

/** So long a pause means that a word is done. */
const pauseMs = 150;

/** A select whose options the bot brings while a person types. */
export function SearchSelectElement({ element, blockId, isBusy, onPress }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const [query, setQuery] = useState('');
  const options = useSearch({ element, blockId, query, isOpen });
  const list = useId();
  const label = plainText(element['placeholder']) || 'Choose an option';
  const pick = (value: string) => {
    setIsOpen(false);
    onPress(value);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears what its input and options pass up
    <div
      className="search-select"
      onKeyDown={(event) => event.key === 'Escape' && setIsOpen(false)}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setIsOpen(false)}
    >
      <input
        className="select"
        role="combobox"
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={list}
        aria-autocomplete="list"
        placeholder={label}
        disabled={isBusy}
        value={query}
        onFocus={() => setIsOpen(true)}
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

type OptionsProps = {
  id: string;
  label: string;
  options: PageOption[] | undefined;
  onPick: (value: string) => void;
};

function Options({ id, label, options, onPick }: OptionsProps) {
  if (!options?.length) return <p className="search-options">{options ? 'No results' : 'Loading…'}</p>;
  return (
    <div className="search-options" id={id} role="listbox" aria-label={label}>
      {options.map(({ text, value }) => (
        <button key={value} type="button" role="option" aria-selected={false} onClick={() => onPick(value)}>
          {text}
        </button>
      ))}
    </div>
  );
}

type Search = Pick<Props, 'element' | 'blockId'> & { query: string; isOpen: boolean };

function useSearch({ element, blockId, query, isOpen }: Search): PageOption[] | undefined {
  const { ask, me } = useWorkspace();
  const message = useContext(MessageContext);
  const [options, setOptions] = useState<PageOption[]>();
  const { channel = '', ts = '' } = message ?? {};
  const actionId = stringOf(element['action_id']) ?? '';
  useEffect(() => {
    if (!isOpen) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const found = await ask(
        { do: 'search', person: me.id, channel, ts, blockId, actionId, query },
        { channel },
      );
      if (isCurrent) setOptions(found.ok ? (found.options ?? []) : []);
    }, pauseMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [ask, me.id, channel, ts, blockId, actionId, query, isOpen]);
  return options;
}
