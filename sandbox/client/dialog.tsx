// A window over the page: the focus goes in, stays in, and goes back to where it came from.
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';

const FOCUSABLE =
  'button:not([disabled]), [href], input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex="-1"])';

export function Dialog(props: {
  readonly labelledBy: string;
  readonly className: string;
  readonly onEscape: () => void;
  readonly children: ReactNode;
  /** A new one moves the focus again. */
  readonly focusKey?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  useFocus(box, props.focusKey ?? '');
  return createPortal(
    <div className="curtain">
      <div
        ref={box}
        className={`dialog ${props.className}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby={props.labelledBy}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key === 'Tab' && box.current) keepInside(event, box.current);
          if (event.key !== 'Escape' || event.defaultPrevented) return;
          event.preventDefault();
          event.stopPropagation();
          props.onEscape();
        }}
      >
        {props.children}
      </div>
    </div>,
    document.body,
  );
}

function useFocus(box: RefObject<HTMLDivElement | null>, key: string): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another window in the same place takes the focus anew
  useEffect(() => {
    const inside = box.current;
    if (!inside) return;
    const first = inside.querySelector<HTMLElement>(
      '.dialog-body input:not([disabled]), .dialog-body textarea, .dialog-body button',
    );
    (first ?? inside).focus();
  }, [key, box]);
  // A redraw may take away what had the focus; the keys would then go to nobody.
  useEffect(() => {
    if (document.activeElement === document.body) box.current?.focus();
  });
}

function keepInside(event: React.KeyboardEvent, box: HTMLElement): void {
  const all = [...box.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.offsetParent !== null);
  const [first, last] = [all[0], all.at(-1)];
  const { activeElement } = document;
  const isOut = event.shiftKey ? activeElement === first || activeElement === box : activeElement === last;
  if (!isOut) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
