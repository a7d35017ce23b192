// The app's global shortcuts, behind a plus.
import { useState } from 'react';
import { act, problemText, say } from './connection.ts';
import { useSandbox } from './store.ts';

export function ShortcutMenu() {
  const shortcuts = useSandbox((state) => state.snap?.shortcuts);
  const [isOpen, setOpen] = useState(false);
  return (
    <span className="overflow">
      <button
        type="button"
        className="plus"
        aria-label="Shortcuts"
        title="Shortcuts"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        +
      </button>
      {isOpen && (
        <div
          className="menu menu-up"
          role="menu"
          tabIndex={-1}
          onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
        >
          {(shortcuts ?? []).map((one) => (
            <button
              key={one.callbackId}
              type="button"
              role="menuitem"
              className="menu-item"
              onClick={async () => {
                setOpen(false);
                const answer = await act('shortcut', { callbackId: one.callbackId });
                if (answer?.problem) say(problemText(answer.problem, `“${one.name}”`));
              }}
            >
              {one.name}
              <small>Sendoff</small>
            </button>
          ))}
        </div>
      )}
    </span>
  );
}
