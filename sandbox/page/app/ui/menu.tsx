import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export type MenuItem = {
  key: string;
  label: ReactNode;
  /** One of a set; selecting it deselects the others. */
  isChosen?: boolean;
  isDanger?: boolean;
  onPick: () => void;
};

type Props = {
  label: string;
  items: MenuItem[];
  className: string;
  children: ReactNode;
  /** Reports that a menu is open, for parts that otherwise appear only on hover. */
  onOpen?: (isOpen: boolean) => void;
};

/** A button with a menu: arrows move, Enter selects, Escape and a click elsewhere close it. */
export function Menu({ label, items, className, children, onOpen }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const show = (next: boolean) => {
    setIsOpen(next);
    onOpen?.(next);
  };
  useFocusOnOpen(root, isOpen);
  useCloseOutside(root, isOpen, () => show(false));
  const close = () => {
    show(false);
    root.current?.querySelector('button')?.focus();
  };
  return (
    <div className="menu-root" ref={root}>
      <button
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => show(!isOpen)}
      >
        {children}
      </button>
      {isOpen && (
        <div
          id={id}
          className="menu"
          role="menu"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={(event) => moveFocus(event, close)}
        >
          {items.map((item) => (
            <MenuButton key={item.key} item={item} close={close} />
          ))}
        </div>
      )}
    </div>
  );
}

function MenuButton({ item, close }: { item: MenuItem; close: () => void }) {
  const pick = () => {
    close();
    item.onPick();
  };
  const className = `menu-item${item.isDanger ? ' danger' : ''}`;
  if (item.isChosen === undefined) {
    return (
      <button type="button" role="menuitem" className={className} onClick={pick}>
        {item.label}
      </button>
    );
  }
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={item.isChosen}
      className={className}
      onClick={pick}
    >
      {item.label}
    </button>
  );
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>, close: () => void) {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button.matches(':focus'));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) buttons.at(to % buttons.length)?.focus();
  if (event.key === 'Escape' || event.key === 'Tab') close();
  if (to !== undefined || event.key === 'Escape') {
    event.preventDefault();
    event.stopPropagation();
  }
}

function useFocusOnOpen(root: { current: HTMLDivElement | null }, isOpen: boolean) {
  useEffect(() => {
    if (!isOpen) return;
    const menu = root.current?.querySelector('.menu');
    const chosen = menu?.querySelector<HTMLElement>('[aria-checked="true"]') ?? menu?.querySelector('button');
    chosen?.focus();
    menu?.scrollIntoView({ block: 'nearest' });
  }, [root, isOpen]);
}

function useCloseOutside(root: { current: HTMLDivElement | null }, isOpen: boolean, close: () => void) {
  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  });
}
