// The stream to each open page: everything once, then what changes, as that page's person sees it.
import type { ServerResponse } from 'node:http';
import type { Live, SandboxState, Snapshot } from '../client/shapes.ts';
import type { Change } from '../vendors/slack/changes.ts';
import type { Workspace } from '../vendors/slack/workspace.ts';
import { ACTORS } from './cast.ts';
import {
  channelsOf,
  seenChannels,
  seenEphemeral,
  seenEphemerals,
  seenHome,
  seenOne,
  seenPeople,
  seenRoots,
  seenViews,
} from './seen.ts';
import { VENDORS, type VendorName } from './simulators.ts';

interface Page {
  readonly user: string;
  readonly response: ServerResponse;
}

/** A vendor that is called often is told of at once, and then so often, no more. */
const CALLED_EVERY_MS = 300;
/** So that a connection that is gone is noticed. */
const BEAT_MS = 15_000;

export class LiveStream {
  readonly #pages = new Set<Page>();
  readonly #workspace: Workspace;
  readonly #sandbox: () => SandboxState;
  readonly #called = new Set<VendorName>();
  #calledTimer: NodeJS.Timeout | null = null;
  readonly #beat: NodeJS.Timeout;

  constructor(workspace: Workspace, sandbox: () => SandboxState) {
    this.#workspace = workspace;
    this.#sandbox = sandbox;
    workspace.changes.listen((change) => this.#changed(change));
    this.#beat = setInterval(() => {
      for (const { response } of this.#pages) response.write(':\n\n');
    }, BEAT_MS);
  }

  /** Takes the response over until the page closes it. */
  open(user: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const page = { user, response };
    this.#pages.add(page);
    response.on('close', () => this.#pages.delete(page));
    send(page, this.#snapshot(user));
  }

  /** Everything has changed. */
  again(): void {
    for (const page of this.#pages) send(page, this.#snapshot(page.user));
  }

  tellSandbox(): void {
    const event: Live = { type: 'sandbox', sandbox: this.#sandbox() };
    for (const page of this.#pages) send(page, event);
  }

  tellCalled(vendor: VendorName): void {
    if (this.#pages.size === 0) return;
    this.#called.add(vendor);
    if (this.#calledTimer === null) this.#sendCalled();
  }

  #sendCalled(): void {
    this.#calledTimer = null;
    if (this.#called.size === 0) return;
    const event: Live = { type: 'called', vendors: [...this.#called] };
    this.#called.clear();
    for (const page of this.#pages) send(page, event);
    this.#calledTimer = setTimeout(() => this.#sendCalled(), CALLED_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#beat);
    if (this.#calledTimer) clearTimeout(this.#calledTimer);
    for (const { response } of this.#pages) response.end();
  }

  #snapshot(user: string): Snapshot {
    const workspace = this.#workspace;
    const channels = channelsOf(workspace, user).map((one) => ({ id: one.id, ...seenRoots(one) }));
    return {
      type: 'snapshot',
      team: 'Acme',
      me: user,
      actors: ACTORS,
      people: seenPeople(workspace),
      channels: seenChannels(workspace, user),
      commands: workspace.manifest.commands,
      shortcuts: workspace.manifest.shortcuts,
      roots: Object.fromEntries(channels.map(({ id, messages }) => [id, messages])),
      more: channels.filter((one) => one.more).map(({ id }) => id),
      ephemerals: seenEphemerals(workspace, user),
      views: seenViews(workspace, user),
      home: seenHome(workspace, user),
      sandbox: this.#sandbox(),
      vendors: VENDORS,
    };
  }

  #changed(change: Change): void {
    if (this.#pages.size === 0) return;
    const workspace = this.#workspace;
    if (change.what === 'message') this.#changedMessage(change.channel, change.ts);
    if (change.what === 'ephemeral') {
      const found = workspace.ephemerals.findLast((one) => one.ts === change.ts);
      const message = found && !found.deleted ? seenEphemeral(found) : null;
      this.#sendTo(change.user, { type: 'ephemeral', ts: change.ts, message });
    }
    if (change.what === 'windows')
      this.#sendTo(change.user, { type: 'views', views: seenViews(workspace, change.user) });
    if (change.what === 'home') this.#sendTo(change.user, { type: 'home', home: seenHome(workspace, change.user) });
    if (change.what === 'people') {
      const people = seenPeople(workspace);
      for (const page of this.#pages)
        send(page, { type: 'people', people, channels: seenChannels(workspace, page.user) });
    }
  }

  #changedMessage(id: string, ts: string): void {
    const channel = this.#workspace.channels.get(id);
    if (!channel) return;
    const message = seenOne(channel, ts);
    const events: Live[] = [{ type: 'message', channel: id, ts, message }];
    // Its root counts it.
    if (message?.threadTs)
      events.push({ type: 'message', channel: id, ts: message.threadTs, message: seenOne(channel, message.threadTs) });
    for (const page of this.#pages) {
      if (!channel.members.includes(page.user)) continue;
      for (const event of events) send(page, event);
    }
  }

  #sendTo(user: string, event: Live): void {
    for (const page of this.#pages) if (page.user === user) send(page, event);
  }
}

function send({ response }: Page, event: Live): void {
  response.write(`data: ${JSON.stringify(event)}\n\n`);
}
