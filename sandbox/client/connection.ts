// The page's line to its server: one stream in, acts out. It talks to nobody else.
import type { Live, SeenMessage } from './shapes.ts';
import { change, current, takeAll } from './store.ts';

const TOKEN = document.querySelector<HTMLMetaElement>('meta[name="sandbox-token"]')?.content ?? '';
const ME = 'sandbox.me';

/** What comes within a frame is drawn together. */
const FLUSH_MS = 16;

let stream: EventSource | null = null;
let waiting: Live[] = [];
let me = localStorage.getItem(ME) ?? 'U0LIN';

export function connect(): void {
  stream?.close();
  waiting = [];
  stream = new EventSource(`/live?as=${encodeURIComponent(me)}`);
  stream.onmessage = ({ data }: MessageEvent<string>) => {
    if (waiting.length === 0) setTimeout(flush, FLUSH_MS);
    waiting.push(JSON.parse(data) as Live);
  };
  // The browser tries again by itself.
  stream.onerror = () => change({ isConnected: false });
}

function flush(): void {
  const events = waiting;
  waiting = [];
  takeAll(events);
  const { thread } = current();
  // What was missed while the line was down.
  if (thread && events.some((one) => one.type === 'snapshot')) void openThread(thread.channel, thread.ts);
}

export function become(user: string): void {
  me = user;
  localStorage.setItem(ME, user);
  change({ snap: null, thread: null, dismissed: new Set(), front: 'main' });
  connect();
}

export async function openThread(channel: string, ts: string): Promise<void> {
  const messages = await get<SeenMessage[]>(`/thread?as=${me}&channel=${channel}&ts=${ts}`);
  if (messages) change({ thread: { channel, ts, messages }, panel: null, front: 'pane' });
}

export async function loadOlder(channel: string): Promise<void> {
  const { snap } = current();
  const before = snap?.roots[channel]?.[0]?.ts;
  if (!snap || before === undefined) return;
  const older = await get<{ messages: SeenMessage[]; more: boolean }>(
    `/older?as=${me}&channel=${channel}&before=${before}`,
  );
  const now = current().snap;
  if (!older || !now) return;
  const more = now.more.filter((one) => one !== channel);
  change({
    snap: {
      ...now,
      roots: { ...now.roots, [channel]: [...older.messages, ...(now.roots[channel] ?? [])] },
      more: older.more ? [...more, channel] : more,
    },
  });
}

export async function get<T>(path: string): Promise<T | null> {
  const response = await fetch(path);
  return response.ok ? ((await response.json()) as T) : null;
}

export interface Answer {
  /** What Slack shows where the app did not do its part. */
  readonly problem: string | null;
  readonly body: string;
}

/** Does as the person chosen; null: Slack's client would not let it through, and the reason is on the screen. */
export function act(name: string, given: object): Promise<Answer | null> {
  return post<Answer>(`/act/${name}`, { ...given, as: me });
}

export async function post<T>(path: string, body: object): Promise<T | null> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sandbox-token': TOKEN },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as T & { readonly error?: string };
    if (response.ok) return answer;
    say(answer.error ?? 'That did not work.');
  } catch {
    say('The sandbox does not answer: is `npm run sandbox` still running?');
  }
  return null;
}

let toastTimer = 0;

export function say(toast: string): void {
  clearTimeout(toastTimer);
  change({ toast });
  toastTimer = window.setTimeout(() => change({ toast: null }), 6_000);
}

/** The words Slack has for an app that is late or broken. */
export function problemText(problem: string, what: string): string {
  if (problem === 'operation_timeout')
    return `${what} failed because Sendoff did not respond in time (operation_timeout).`;
  if (problem === 'dispatch_failed') return `${what} failed because Sendoff could not be reached (dispatch_failed).`;
  return `${what}: Sendoff answered something that Slack cannot show.`;
}
