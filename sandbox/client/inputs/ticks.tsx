// Radio buttons and check boxes.
import type { ReactNode } from 'react';
import type { Option } from '../surface.ts';
import { plain } from '../text.tsx';
import type { Given } from './given.ts';

export function Ticks(given: Given & { readonly legend: ReactNode }) {
  const { element, value, onChange } = given;
  const options = Array.isArray(element.options) ? (element.options as Option[]) : [];
  const isMany = element.type === 'checkboxes';
  const standing = Array.isArray(value) ? (value as Option[]) : [value as Option | null];
  const chosen = standing.flatMap((one) => (one ? [one.value] : []));
  const choose = (option: Option, isOn: boolean): void => {
    if (!isMany) onChange(option);
    else onChange(options.filter((one) => (one.value === option.value ? isOn : chosen.includes(one.value))));
  };
  return (
    <fieldset className="ticks" aria-describedby={given.describedBy || undefined}>
      <legend className="input-label">{given.legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="tick">
          <input
            type={isMany ? 'checkbox' : 'radio'}
            name={given.id ?? String(element.action_id)}
            checked={chosen.includes(option.value)}
            onChange={(event) => choose(option, event.target.checked)}
          />
          <span>
            {plain(option.text)}
            {option.description !== undefined && <small>{plain(option.description)}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
