// A menu one can type into: one choice or several, by mouse or by keyboard alone.
import { useId, useRef, useState } from 'react';
import { useSandbox } from '../store.ts';
import { type Element, type Option, useSurface } from '../surface.ts';
import { nameOf, plain } from '../text.tsx';
import { type Choice, useChoices } from './choices.ts';
import type { Given } from './given.ts';

export function Chooser(given: Given) {
  const { element, value, onChange } = given;
  const isMany = element.type.startsWith('multi_');
  const [query, setQuery] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const own = useId();
  const id = given.id ?? own;
  const box = useRef<HTMLInputElement>(null);
  const { choices, isLoading } = useChoices(element, query, isOpen);
  const chosen = useChosen(element, value);
  const most = typeof element.max_selected_items === 'number' ? element.max_selected_items : Number.POSITIVE_INFINITY;

  const choose = (choice: Choice | undefined): void => {
    if (!choice) return;
    setQuery('');
    setAt(0);
    if (!isMany) {
      setOpen(false);
      onChange(choice.value);
      return;
    }
    const isIn = chosen.some((one) => one.key === choice.key);
    const others = chosen.filter((one) => one.key !== choice.key).map((one) => one.value);
    if (isIn || others.length < most) onChange(isIn ? others : [...others, choice.value]);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!isOpen) setOpen(true);
      else setAt((now) => (now + (event.key === 'ArrowDown' ? 1 : -1) + choices.length) % Math.max(1, choices.length));
    } else if (event.key === 'Enter' && isOpen) choose(choices[at]);
    else if (event.key === 'Escape' && isOpen) setOpen(false);
    else if (event.key === 'Backspace' && query === '' && isMany && chosen.length > 0)
      onChange(chosen.slice(0, -1).map((one) => one.value));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const [single] = chosen;
  return (
    <div className="chooser">
      <div className={`field chooser-field ${isOpen ? 'chooser-open' : ''}`}>
        {isMany &&
          chosen.map((one) => (
            <span key={one.key} className="chip">
              {one.label}
              <button type="button" aria-label={`Remove ${one.label}`} onClick={() => choose(one)}>
                ×
              </button>
            </span>
          ))}
        <input
          ref={box}
          id={id}
          role="combobox"
          className="chooser-input"
          autoComplete="off"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && choices[at] ? `${id}-${at}` : undefined}
          aria-label={given.id === undefined ? given.label : undefined}
          aria-invalid={given.isInvalid}
          aria-describedby={given.describedBy || undefined}
          placeholder={!isMany && single ? single.label : plain(element.placeholder) || 'Choose an option'}
          data-chosen={!isMany && single !== undefined}
          value={isOpen || isMany ? query : (single?.label ?? '')}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
            setOpen(true);
          }}
          onClick={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            setQuery('');
          }}
          onKeyDown={onKey}
        />
        <span className="chooser-arrow" aria-hidden="true">
          ⌄
        </span>
      </div>
      {isOpen && (
        <Choices
          id={id}
          choices={choices}
          at={at}
          isLoading={isLoading}
          query={query}
          chosen={chosen}
          onChoose={choose}
        />
      )}
    </div>
  );
}

function Choices(props: {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly at: number;
  readonly isLoading: boolean;
  readonly query: string;
  readonly chosen: readonly Choice[];
  readonly onChoose: (choice: Choice) => void;
}) {
  const { choices, chosen } = props;
  const nothing = props.query === '' ? 'Type to search' : 'No results';
  return (
    <div className="menu chooser-menu" role="listbox" id={`${props.id}-list`} aria-label="Choices">
      {choices.map((choice, at) => (
        <div key={choice.key}>
          {choice.group !== '' && choice.group !== choices[at - 1]?.group && (
            <div className="menu-group" role="presentation">
              {choice.group}
            </div>
          )}
          {/* biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active one */}
          <div
            id={`${props.id}-${at}`}
            role="option"
            aria-selected={chosen.some((one) => one.key === choice.key)}
            className={`menu-item ${at === props.at ? 'menu-item-at' : ''}`}
            // The field must not lose the focus before the choice is made.
            onMouseDown={(event) => {
              event.preventDefault();
              props.onChoose(choice);
            }}
          >
            {choice.label}
            {choice.detail !== '' && <small>{choice.detail}</small>}
          </div>
        </div>
      ))}
      {choices.length === 0 && (
        <div className="menu-nothing" role="presentation">
          {props.isLoading ? 'Searching…' : nothing}
        </div>
      )}
    </div>
  );
}

function useChosen(element: Element, value: unknown): Choice[] {
  const people = useSandbox((state) => state.snap?.people);
  const channels = useSandbox((state) => state.snap?.channels);
  useSurface();
  const listed = Array.isArray(value) ? value : [value];
  return listed
    .filter((one) => one !== null && one !== undefined && one !== '')
    .map((one) => {
      if (typeof one !== 'string') {
        const option = one as Option;
        return { key: option.value, label: plain(option.text), detail: '', group: '', value: option };
      }
      const isPerson = element.type.endsWith('users_select');
      const channel = channels?.find((each) => each.id === one)?.name ?? one;
      return {
        key: one,
        label: isPerson ? nameOf(people ?? [], one) : `#${channel}`,
        detail: '',
        group: '',
        value: one,
      };
    });
}
