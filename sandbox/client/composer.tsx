// Where one types: words for people, commands for the app, with the commands of the app's manifest to choose from.
import { useId, useRef, useState } from 'react';
import { act, problemText, say } from './connection.ts';
import { Icon } from './icons.tsx';
import type { Command } from './shapes.ts';
import { ShortcutMenu } from './shortcut-menu.tsx';
import { useSandbox } from './store.ts';

const NO_COMMANDS: readonly Command[] = [];

export function Composer(props: { readonly channel: string; readonly threadTs?: string; readonly label: string }) {
  const commands = useSandbox((state) => state.snap?.commands) ?? NO_COMMANDS;
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [isShut, setShut] = useState(false);
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const isCommand = /^\/\S*$/.test(text) && props.threadTs === undefined;
  const found = isCommand && !isShut ? commands.filter((one) => one.command.startsWith(text)) : [];
  const isOpen = found.length > 0 && !(found.length === 1 && found[0]?.command === text);

  const complete = (command: Command | undefined): void => {
    if (!command) return;
    setText(`${command.command} `);
    field.current?.focus();
  };
  const onKey = (event: React.KeyboardEvent): void => {
    if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      setAt((now) => (now + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length);
    else if (isOpen && (event.key === 'Tab' || event.key === 'Enter')) complete(found[at]);
    else if (isOpen && event.key === 'Escape') setShut(true);
    else if (event.key === 'Enter' && !event.shiftKey) {
      void send(text.trim(), props.channel, props.threadTs, commands);
      setText('');
    } else return;
    event.preventDefault();
  };
  return (
    <div className="composer">
      {isOpen && (
        <div className="menu composer-menu" role="listbox" id={`${id}-list`} aria-label="Commands">
          <div className="menu-group" role="presentation">
            Commands of Sendoff
          </div>
          {found.map((one, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active one
            <div
              key={one.command}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              className={`menu-item ${index === at ? 'menu-item-at' : ''}`}
              onMouseDown={(event) => {
                event.preventDefault();
                complete(one);
              }}
            >
              <span>
                <strong>{one.command}</strong> <span className="quiet">{one.usageHint}</span>
              </span>
              <small>{one.description}</small>
            </div>
          ))}
        </div>
      )}
      <div className="composer-box">
        <textarea
          ref={field}
          rows={1}
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isOpen ? `${id}-${at}` : undefined}
          aria-label={props.label}
          placeholder={props.threadTs === undefined ? `${props.label}, or type / for a command` : `${props.label}…`}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
            setShut(false);
          }}
          onKeyDown={onKey}
        />
        <div className="composer-foot">
          {props.threadTs === undefined ? <ShortcutMenu /> : <span />}
          <button
            type="button"
            className="send"
            aria-label="Send"
            disabled={text.trim() === ''}
            onClick={() => {
              void send(text.trim(), props.channel, props.threadTs, commands);
              setText('');
              field.current?.focus();
            }}
          >
            <Icon name="send" />
          </button>
        </div>
      </div>
    </div>
  );
}

async function send(
  text: string,
  channel: string,
  threadTs: string | undefined,
  commands: readonly Command[],
): Promise<void> {
  if (text === '') return;
  if (!text.startsWith('/')) {
    await act('say', { channel, text, ...(threadTs === undefined ? {} : { threadTs }) });
    return;
  }
  const [command = ''] = text.split(/\s/, 1);
  if (threadTs !== undefined) return say(`${command} is not supported in threads. Sorry!`);
  if (!commands.some((one) => one.command === command)) return say(`${command} is not a valid command.`);
  const answer = await act('slash', { command, text: text.slice(command.length).trim(), channel });
  if (answer?.problem) say(problemText(answer.problem, command));
}
