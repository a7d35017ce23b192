// All that the page shows, in one place. Changed by the server's stream and by what is opened and closed here.
import { useSyncExternalStore } from 'react';
import type { Live, SeenMessage, Snapshot } from './shapes.ts';

export type Place = { readonly kind: 'channel'; readonly id: string } | { readonly kind: 'home' };
export type Panel = 'vendors' | 'calls' | 'faults' | 'scenarios';

export interface PageState {
  readonly isConnected: boolean;
  readonly snap: Snapshot | null;
  readonly place: Place;
  /** Where one went by oneself: back there as soon as one may. */
  readonly wanted: Place;
  /** Older messages are read than the newest: nothing of them may go. */
  readonly readsBack: boolean;
  readonly thread: { readonly channel: string; readonly ts: string; readonly messages: readonly SeenMessage[] } | null;
  readonly panel: Panel | null;
  readonly vendorTab: string;
  /** On a phone one of them fills the screen. */
  readonly front: 'side' | 'main' | 'pane';
  /** Said once, at the foot of the page. */
  readonly toast: string | null;
  /** By channel, the newest ts that the viewer has seen. */
  readonly read: Readonly<Record<string, string>>;
  /** Ephemerals that were put away here. */
  readonly dismissed: ReadonlySet<string>;
  /** Of each vendor, how often its calls have changed since the page was opened. */
  readonly called: Readonly<Record<string, number>>;
}

/** More are put away again, down to `kept`: a page that stays open for days must not grow, and nothing goes that one reads. */
const ROOTS_AT_END = { most: 90, kept: 60 };
const ROOTS_READ_BACK = { most: 1_000, kept: 500 };

let state: PageState = {
  isConnected: false,
  snap: null,
  place: { kind: 'channel', id: 'C0ITOPS' },
  wanted: { kind: 'channel', id: 'C0ITOPS' },
  readsBack: false,
  thread: null,
  panel: null,
  vendorTab: 'okta',
  front: 'main',
  toast: null,
  read: {},
  dismissed: new Set(),
  called: {},
};
const listeners = new Set<() => void>();
/** While several changes are taken at once. */
let isHeld = false;

export function useSandbox<T>(select: (state: PageState) => T): T {
  return useSyncExternalStore(subscribe, () => select(state));
}

export function current(): PageState {
  return state;
}

export function change(patch: Partial<PageState>): void {
  state = { ...state, ...patch };
  if (!isHeld) tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function changeSnap(patch: Partial<Snapshot>): void {
  if (state.snap) change({ snap: { ...state.snap, ...patch } });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Drawn once, however many came. */
export function takeAll(events: readonly Live[]): void {
  isHeld = true;
  try {
    for (const event of events) take(event);
  } finally {
    isHeld = false;
    tell();
  }
}

function take(event: Live): void {
  switch (event.type) {
    case 'snapshot':
      change({ snap: event, isConnected: true, place: placeIn(event) });
      break;
    case 'message':
      takeMessage(event.channel, event.ts, event.message);
      break;
    case 'ephemeral':
      changeSnap({ ephemerals: put(state.snap?.ephemerals ?? [], event.ts, event.message).slice(-30) });
      break;
    case 'views':
      changeSnap({ views: event.views });
      break;
    case 'home':
      changeSnap({ home: event.home });
      break;
    case 'people':
      changeSnap({ people: event.people, channels: event.channels });
      break;
    case 'sandbox':
      changeSnap({ sandbox: event.sandbox });
      break;
    case 'called':
      change({
        called: {
          ...state.called,
          ...Object.fromEntries(event.vendors.map((one) => [one, (state.called[one] ?? 0) + 1])),
        },
      });
  }
}

function takeMessage(channel: string, ts: string, message: SeenMessage | null): void {
  const { snap, thread } = state;
  if (!snap) return;
  const isRoot = message === null || message.threadTs === null;
  if (isRoot) {
    const roots = put(snap.roots[channel] ?? [], ts, message);
    const { most, kept } = state.readsBack ? ROOTS_READ_BACK : ROOTS_AT_END;
    const isLong = roots.length > most;
    changeSnap({
      roots: { ...snap.roots, [channel]: isLong ? roots.slice(-kept) : roots },
      more: isLong && !snap.more.includes(channel) ? [...snap.more, channel] : snap.more,
    });
  }
  const isOfThread = thread?.channel === channel && (ts === thread.ts || message?.threadTs === thread.ts || !message);
  if (thread && isOfThread) change({ thread: { ...thread, messages: put(thread.messages, ts, message) } });
}

/** In order of ts; null takes it away. */
function put(messages: readonly SeenMessage[], ts: string, message: SeenMessage | null): readonly SeenMessage[] {
  const at = messages.findIndex((one) => one.ts === ts);
  if (message === null) return at < 0 ? messages : messages.toSpliced(at, 1);
  if (at >= 0) return messages.with(at, message);
  const after = messages.findLastIndex((one) => one.ts < ts);
  return messages.toSpliced(after + 1, 0, message);
}

/** Where one may be as this person: the same place if they see it. */
function placeIn({ channels }: Snapshot): Place {
  const { wanted } = state;
  if (wanted.kind === 'home' || channels.some((one) => one.id === wanted.id)) return wanted;
  const first = channels.find((one) => one.id === 'C0ITOPS') ?? channels[0];
  return { kind: 'channel', id: first?.id ?? 'C0PUBLIC' };
}
