// The few signs of the page itself, drawn, so that they look alike on every computer.
const PATHS = {
  lock: 'M5 7V5a3 3 0 0 1 6 0v2h1v7H4V7h1Zm1.5 0h3V5a1.5 1.5 0 0 0-3 0v2Z',
  eye: 'M8 3.5c3.5 0 6 2.8 7 4.5-1 1.7-3.5 4.5-7 4.5S2 9.7 1 8c1-1.7 3.5-4.5 7-4.5Zm0 2a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  reply: 'M2 3h12v8H7l-4 3v-3H2V3Zm1.5 1.5v5h9v-5h-9Z',
  letter: 'M1.5 3.5h13v9h-13v-9Zm1.5 1.5 5 3.5 5-3.5H3Z',
  send: 'M2 2.5 14.5 8 2 13.5 3.5 8.800 9 8 3.5 7.200 2 2.5Z',
  tick: 'M3 8.500 6.500 12 13 4.5l-1.300-1.200L6.400 9.300 4.300 7.200 3 8.500Z',
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}
