// A square with somebody's initials, in a colour of their own.
import { Icon } from './icons.tsx';
import type { Person } from './shapes.ts';

const COLOURS = ['#1264a3', '#7c3085', '#1f7a5c', '#a4551b', '#8a2846', '#4a4fb0', '#5b6b00', '#00687a'];

export function Avatar({ person, size = 36 }: { person: Person | undefined; size?: number }) {
  const style = { width: size, height: size, fontSize: size * 0.42 };
  if (!person || person.isBot)
    return (
      <span className="avatar avatar-app" style={style} aria-hidden="true">
        <Icon name="tick" />
      </span>
    );
  const initials = person.name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('');
  return (
    <span className="avatar" style={{ ...style, background: colourOf(person.id) }} aria-hidden="true">
      {initials}
    </span>
  );
}

function colourOf(id: string): string {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return COLOURS[sum % COLOURS.length] ?? '#1264a3';
}
