// The menu behind three dots.
import { useEffect, useId, useRef, useState } from 'react';
import type { Element, Option } from '../surface.ts';
import { plain } from '../text.tsx';

export function Overflow(props: {
  readonly element: Element;
  readonly isBusy: boolean;
  readonly onChoose: (value: string) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const options = Array.isArray(props.element.options) ? (props.element.options as Option[]) : [];
  useEffect(() => {
    if (isOpen) list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [isOpen]);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const move = (by: number): void => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + by + items.length) % items.length]?.focus();
  };
  return (
    <span className="overflow">
      <button
        ref={button}
        type="button"
        className="button button-default button-dots"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-disabled={props.isBusy}
        onClick={() => setOpen(!isOpen && !props.isBusy)}
      >
        {props.isBusy ? <span className="spinner" /> : '⋯'}
      </button>
      {isOpen && (
        <div
          ref={list}
          id={id}
          role="menu"
          className="menu menu-right"
          tabIndex={-1}
          onBlur={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') move(1);
            else if (event.key === 'ArrowUp') move(-1);
            else if (event.key === 'Escape') close();
            else return;
            event.preventDefault();
          }}
        >
          {options.map((option) => (
            <button
              key={option.value}
              type="button"
              role="menuitem"
              className="menu-item"
              tabIndex={-1}
              onClick={() => {
                close();
                props.onChoose(option.value);
              }}
            >
              {plain(option.text)}
            </button>
          ))}
        </div>
      )}
    </span>
  );
}
