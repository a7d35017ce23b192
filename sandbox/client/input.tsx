// One input of a form: its label, what is wrong with it, its hint.
import { useId } from 'react';
import { Chooser } from './inputs/chooser.tsx';
import { Field } from './inputs/field.tsx';
import { Ticks } from './inputs/ticks.tsx';
import type { Block } from './shapes.ts';
import { type Element, useSurface } from './surface.ts';
import { plain } from './text.tsx';

export function Input({ block }: { block: Block }) {
  const surface = useSurface();
  const id = useId();
  const element = block.element as Element;
  const error = surface.errorOf(block);
  const hint = plain(block.hint);
  const label = plain(block.label);
  const given = {
    id,
    element,
    label,
    value: surface.valueOf(block, element),
    isInvalid: error !== null,
    describedBy: [error === null ? '' : `${id}-error`, hint === '' ? '' : `${id}-hint`].filter(Boolean).join(' '),
    onChange: (value: unknown) => {
      surface.type(block, element, value);
      if (block.dispatch_action === true && element.type !== 'plain_text_input')
        void surface.act(block, element, value);
    },
    onEnter: (value: unknown) => {
      if (block.dispatch_action === true) void surface.act(block, element, value);
    },
  };
  const optional = block.optional === true && <span className="optional"> (optional)</span>;
  const isGroup = element.type === 'radio_buttons' || element.type === 'checkboxes';
  return (
    <div className={`input ${error === null ? '' : 'input-wrong'}`}>
      {isGroup ? (
        <Ticks
          {...given}
          legend={
            <>
              {label}
              {optional}
            </>
          }
        />
      ) : (
        <>
          <label htmlFor={id} className="input-label">
            {label}
            {optional}
          </label>
          {element.type.endsWith('_select') ? <Chooser {...given} /> : <Field {...given} />}
        </>
      )}
      {error !== null && (
        <p className="input-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {hint !== '' && (
        <p className="input-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
