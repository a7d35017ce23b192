// The window that lies on top: its form, its errors, its buttons. The app may redraw it in place while it is open.
import { useId, useState } from 'react';
import { Blocks } from './blocks.tsx';
import { act, problemText } from './connection.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icons.tsx';
import type { SeenView } from './shapes.ts';
import { useSandbox } from './store.ts';
import { SurfaceContext } from './surface.ts';
import { useForm } from './view-surface.ts';

export function Modals() {
  const views = useSandbox((state) => state.snap?.views);
  const top = views?.at(-1);
  return top ? <Modal view={top} isAlone={views?.length === 1} /> : null;
}

function Modal({ view, isAlone }: { view: SeenView; isAlone: boolean }) {
  const titleId = useId();
  const form = useForm(view);
  const [isSending, setSending] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const close = (all: boolean): void => void act('close_view', { viewId: view.id, ...(all ? { all } : {}) });
  const submit = async (): Promise<void> => {
    if (isSending || view.submit === null || !form.isComplete()) return;
    setSending(true);
    setTrouble(null);
    const answer = await act('submit', { viewId: view.id, values: form.values() });
    setSending(false);
    if (answer?.problem) setTrouble(problemText(answer.problem, 'That'));
  };
  return (
    <Dialog labelledBy={titleId} className="modal" focusKey={view.id} onEscape={() => close(false)}>
      <form
        className="modal-form"
        noValidate={true}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="modal-head">
          <span className="avatar avatar-app">
            <Icon name="tick" />
          </span>
          <h2 id={titleId}>{view.title}</h2>
          <button type="button" className="close" aria-label="Close" onClick={() => close(true)}>
            ×
          </button>
        </div>
        {trouble !== null && (
          <p className="modal-trouble" role="alert">
            {trouble}
          </p>
        )}
        <div className="modal-body dialog-body" aria-live="polite">
          <SurfaceContext value={form.surface}>
            <Blocks blocks={view.blocks} />
          </SurfaceContext>
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button button-default" onClick={() => close(false)}>
            {view.close ?? (view.submit === null || !isAlone ? 'Close' : 'Cancel')}
          </button>
          {view.submit !== null && (
            <button type="submit" className="button button-primary" aria-disabled={isSending}>
              {view.submit}
              {isSending && <span className="spinner" />}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
