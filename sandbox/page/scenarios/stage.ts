// Where a scenario plays: what it may do to Acme and as whom, and what it waits for. One at a time.
import { setTimeout as pause } from 'node:timers/promises';
import type { SandboxState } from '../../client/shapes.ts';
import type { Delivered, Forgery } from '../../vendors/slack/deliver.ts';
import { blocksOf } from '../../vendors/slack/view-store.ts';
import { directChannel, type Message, type View, type Workspace } from '../../vendors/slack/workspace.ts';
import { CAST } from '../cast.ts';
import type { VendorName } from '../simulators.ts';
import type { World } from '../world.ts';
import { SCENARIOS } from './all.ts';
import { fill } from './fill.ts';

const LOOK_MS = 50;
const FAST_EVERY_MS = 1_000;
const PATIENCE_MS = 30_000;
const CHANNEL = 'C0ITOPS';

export class Stage {
  playing: SandboxState['scenario'] = null;
  readonly world: World;
  readonly #onChange: (isNew: boolean) => void;

  /** `onChange`: true where everything is to be shown anew. */
  constructor(world: World, onChange: (isNew: boolean) => void) {
    this.world = world;
    this.#onChange = onChange;
  }

  get workspace(): Workspace {
    return this.world.simulators.slack.workspace;
  }

  /** Begins; how it goes on stands in `playing`. */
  play(name: string): void {
    const scenario = SCENARIOS.find((one) => one.name === name);
    if (!scenario) throw new Error(`no scenario ${name}`);
    if (this.playing && !this.playing.isOver) throw new Error('another scenario is under way');
    this.playing = { name, step: 'Begins…', isOver: false };
    this.#onChange(false);
    void this.#play(scenario.play).catch((error: unknown) =>
      this.#say(`It did not go as planned: ${error instanceof Error ? error.message : String(error)}`, true),
    );
  }

  say(step: string): void {
    this.#say(step, false);
  }

  async tell(vendor: VendorName, command: string, argument: object): Promise<unknown> {
    return this.world.simulators.all[vendor].command(command, argument);
  }

  /** Acme starts over where somebody in the story is gone already. `key` as in sandbox/people.ts. */
  async needs(key: string): Promise<void> {
    await this.world.ready;
    const { users } = this.world.simulators.all.okta.state() as { users: { key: string; status: string }[] };
    if (users.find((one) => one.key === key)?.status === 'ACTIVE') return;
    this.say('They have left already: Acme starts over…');
    await this.world.reset();
    this.#onChange(true);
  }

  /** Types a command and waits for the window in which something can be submitted. */
  async typeCommand(text: string, user: string = CAST.operator): Promise<View> {
    const [command = '', ...rest] = text.split(' ');
    const delivered = (await this.tell('slack', 'slash', { user, command, text: rest.join(' ') })) as Delivered;
    if (delivered.problem) throw new Error(`Slack shows ${delivered.problem}`);
    return this.until('the plan', () => {
      const view = this.workspace.views.get(this.workspace.stacks.get(user)?.at(-1) ?? '');
      return view?.open && view.content.submit ? view : undefined;
    });
  }

  /** Fills in what is asked for, and submits; `values` by block id. */
  async confirm(view: View, values: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const there = new Set(blocksOf(view.content).map((block) => String(block.block_id)));
    const known = Object.fromEntries(Object.entries(values).filter(([blockId]) => there.has(blockId)));
    await this.tell('slack', 'submit', { user: view.user, viewId: view.id, values: { ...fill(view), ...known } });
    if (Object.keys(view.errors).length > 0) throw new Error(Object.values(view.errors).join(' '));
  }

  async closeWindows(user: string = CAST.operator): Promise<void> {
    const top = this.workspace.stacks.get(user)?.at(-1);
    if (top !== undefined) await this.tell('slack', 'close_view', { user, viewId: top, all: true });
  }

  messages(channel: string = CHANNEL): readonly Message[] {
    return this.workspace.channels.get(channel)?.messages ?? [];
  }

  /** Of the IT channel and its threads, or of what the app wrote to one person. */
  message(words: string, options: { readonly runFastMs?: number; readonly to?: string } = {}): Promise<Message> {
    const { to, ...passing } = options;
    const channel = to === undefined ? CHANNEL : directChannel(this.workspace, to).id;
    const has = (one: Message): boolean => (one.text + JSON.stringify(one.blocks)).includes(words);
    return this.until(`“${words}”`, () => this.messages(channel).findLast(has), passing);
  }

  /** `runFastMs`: so much time passes each second. `patienceMs`: of real time; half a minute if absent. */
  async until<T>(
    what: string,
    find: () => T | undefined,
    options: { readonly runFastMs?: number; readonly patienceMs?: number } = {},
  ): Promise<T> {
    let nextAt = Date.now() + FAST_EVERY_MS;
    const deadline = Date.now() + (options.patienceMs ?? PATIENCE_MS);
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`${what} did not come`);
      if (options.runFastMs && Date.now() > nextAt) {
        await this.world.advance(options.runFastMs);
        nextAt = Date.now() + FAST_EVERY_MS;
      }
      await pause(LOOK_MS);
    }
  }

  /** A request that Slack did not sign. */
  async forge(argument: object & Forgery): Promise<number> {
    return ((await this.tell('slack', 'slash', argument)) as Delivered).status;
  }

  async #play(play: (stage: Stage) => Promise<string>): Promise<void> {
    await this.world.ready;
    this.#say(await play(this), true);
  }

  #say(step: string, isOver: boolean): void {
    if (!this.playing) return;
    this.playing = { ...this.playing, step, isOver };
    this.#onChange(false);
  }
}
