// The question that a button may ask before it does anything.
import { useId } from 'react';
import { Dialog } from './dialog.tsx';
import { Text } from './display.tsx';
import { plain } from './text.tsx';

export interface ConfirmText {
  readonly title: unknown;
  readonly text: { readonly type: string; readonly text: string };
  readonly confirm: unknown;
  readonly deny: unknown;
  readonly style?: string;
}

export function Confirm({ text, onClose }: { text: ConfirmText; onClose: (isSure: boolean) => void }) {
  const id = useId();
  return (
    <Dialog labelledBy={id} className="confirm" onEscape={() => onClose(false)}>
      <h2 id={id}>{plain(text.title)}</h2>
      <div className="confirm-text">
        <Text given={text.text} />
      </div>
      <div className="dialog-foot dialog-body">
        <button type="button" className="button button-default" onClick={() => onClose(false)}>
          {plain(text.deny)}
        </button>
        <button
          type="button"
          className={`button ${text.style === 'danger' ? 'button-danger-full' : 'button-primary'}`}
          onClick={() => onClose(true)}
        >
          {plain(text.confirm)}
        </button>
      </div>
    </Dialog>
  );
}
