// Any element outside an input block: it tells the app as soon as it is pressed or changed, after the confirmation it may ask for.
import { useState } from 'react';
import { Confirm, type ConfirmText } from './confirm.tsx';
import { Chooser } from './inputs/chooser.tsx';
import { Field } from './inputs/field.tsx';
import { Overflow } from './inputs/overflow.tsx';
import { follow } from './safe-link.tsx';
import type { Block } from './shapes.ts';
import { type Element, useSurface } from './surface.ts';
import { plain } from './text.tsx';

export function AnyElement({ block, element }: { block: Block; element: Element }) {
  const surface = useSurface();
  const [asked, setAsked] = useState<{ value: unknown } | null>(null);
  const isBusy = surface.isBusy(element);
  const confirm = element.confirm as ConfirmText | undefined;
  const go = (value?: unknown): void => {
    if (confirm) setAsked({ value });
    else void surface.act(block, element, value);
  };
  return (
    <>
      <Shape block={block} element={element} isBusy={isBusy} go={go} />
      {confirm && asked && (
        <Confirm
          text={confirm}
          onClose={(isSure) => {
            setAsked(null);
            if (isSure) void surface.act(block, element, asked.value);
          }}
        />
      )}
    </>
  );
}

interface Shaped {
  readonly block: Block;
  readonly element: Element;
  readonly isBusy: boolean;
  go(value?: unknown): void;
}

function Shape({ block, element, isBusy, go }: Shaped) {
  const surface = useSurface();
  const label = plain(element.text) || plain(element.placeholder) || 'Choose';
  if (element.type === 'button') return <Button element={element} isBusy={isBusy} go={go} />;
  if (element.type === 'overflow') return <Overflow element={element} isBusy={isBusy} onChoose={go} />;
  if (element.type === 'image')
    return <Picture address={String(element.image_url ?? '')} alt={String(element.alt_text ?? '')} />;
  if (element.type.endsWith('_select'))
    return (
      <Chooser
        element={element}
        label={label}
        value={surface.valueOf(block, element)}
        onChange={(value) => {
          surface.type(block, element, value);
          go(value);
        }}
      />
    );
  return (
    <Field
      element={element}
      label={label}
      value={surface.valueOf(block, element)}
      onChange={(value) => {
        surface.type(block, element, value);
        go(value);
      }}
    />
  );
}

function Button({ element, isBusy, go }: Omit<Shaped, 'block'>) {
  const className = `button button-${String(element.style ?? 'default')}`;
  const press = (): void => {
    if (isBusy) return;
    go();
    if (typeof element.url === 'string') follow(element.url);
  };
  return (
    <button type="button" className={className} aria-label={nameOf(element)} aria-disabled={isBusy} onClick={press}>
      {plain(element.text)}
      {isBusy && <span className="spinner" />}
    </button>
  );
}

/** Whoever speaks to a computer says what stands on the button: the name that is read out begins with it (WCAG 2.5.3). */
function nameOf(element: Element): string | undefined {
  const [label, name] = [plain(element.text), element.accessibility_label];
  if (typeof name !== 'string') return undefined;
  return name.toLowerCase().includes(label.toLowerCase()) ? name : `${label}: ${name}`;
}

/** Pictures from elsewhere are not fetched: the page talks to nobody but its own server. */
function Picture({ address, alt }: { address: string; alt: string }) {
  if (address.startsWith('data:image/')) return <img className="picture" src={address} alt={alt} />;
  return (
    <span className="picture picture-none" role="img" aria-label={alt}>
      ▣
    </span>
  );
}
