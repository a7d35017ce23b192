// Text, numbers, days and times: the browser's own fields.
import { plain } from '../text.tsx';
import type { Given } from './given.ts';
import { Ticks } from './ticks.tsx';

const TYPES: Readonly<Record<string, string>> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
};

export function Field(given: Given) {
  const { element, value, onChange, onEnter } = given;
  if (element.type === 'radio_buttons' || element.type === 'checkboxes')
    return <Ticks {...given} legend={given.label} />;
  const common = {
    id: given.id,
    className: 'field',
    placeholder: plain(element.placeholder),
    'aria-invalid': given.isInvalid,
    'aria-describedby': given.describedBy || undefined,
    'aria-label': given.id === undefined ? given.label : undefined,
    maxLength: typeof element.max_length === 'number' ? element.max_length : undefined,
    value: shown(element.type, value),
  };
  if (element.multiline === true || element.type === 'rich_text_input')
    return <textarea {...common} rows={4} onChange={(event) => onChange(read(element.type, event.target.value))} />;
  return (
    <input
      {...common}
      type={TYPES[element.type] ?? 'text'}
      inputMode={element.type === 'number_input' ? 'decimal' : undefined}
      autoComplete="off"
      onChange={(event) => onChange(read(element.type, event.target.value))}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnter?.(read(element.type, event.currentTarget.value));
      }}
    />
  );
}

function shown(type: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (type !== 'datetimepicker') return String(value);
  const at = new Date(Number(value) * 1000);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function read(type: string, text: string): unknown {
  if (text === '') return null;
  if (type === 'datetimepicker') return Math.floor(new Date(text).getTime() / 1000);
  if (type !== 'rich_text_input') return text;
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}
