// Everything the demo plays on, as processes of their own: the simulators and the app. Whatever happens, none of it stays.
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../child-process.ts';
import { removeAbandonedFolders } from '../temporary-folder.ts';
import { startVendors, type Vendors } from '../vendor-processes.ts';
import { type Control, createControl } from './control.ts';

const POLICY = fileURLToPath(new URL('../policy.yaml', import.meta.url));

export interface Stage {
  readonly slack: Control;
  readonly okta: Control;
  readonly jira: Control;
  readonly google: Control;
  readonly bamboohr: Control;
  readonly jamf: Control;
  readonly snipeit: Control;
  readonly retriever: Control;
  readonly easypost: Control;
  readonly settings: Readonly<Record<string, string>>;
  /** The app's own root, without a slash at its end. */
  readonly appUrl: string;
  /** Moves the app's Clock and those of the vendors where time passes; the other simulators keep the real time. */
  advance(ms: number): Promise<void>;
  /** The app's own audit log: chain, actor, action, and the kind of a run where one was asked for. */
  audit(): Promise<unknown>;
  /** Rejects when a process ends without being asked. */
  readonly broken: Promise<never>;
}

interface Announced {
  readonly eventsUrl: string;
  readonly clockUrl: string;
}

/** Stops what it started also when `play` throws, or `signal` is aborted. */
export async function onStage<T>(signal: AbortSignal, play: (stage: Stage) => Promise<T>): Promise<T> {
  const stops: (() => Promise<void>)[] = [];
  const aborted = new Promise<never>((_, fail) => {
    signal.addEventListener('abort', () => fail(signal.reason), { once: true });
  });
  aborted.catch(() => undefined); // told by whoever waits for it
  try {
    const vendors = await startVendors();
    stops.push(() => vendors.stop());
    signal.throwIfAborted();
    const app = await startChild<Announced>({
      name: 'the app',
      program: fileURLToPath(new URL('../app.ts', import.meta.url)),
      env: { ...environment(), ...vendors.settings, SENDOFF_POLICY: POLICY, PORT: '0' },
    });
    stops.push(() => app.stop());
    signal.throwIfAborted();
    const stage = await connect(vendors, app);
    return await Promise.race([play(stage), stage.broken, aborted]);
  } finally {
    for (const stop of stops.reverse()) await stop();
    // Nothing, unless the app was killed.
    await removeAbandonedFolders();
  }
}

async function connect(vendors: Vendors, app: Child<Announced>): Promise<Stage> {
  const slack = createControl(vendors.control.slack);
  await slack.post('/command/connect', { eventsUrl: app.announced.eventsUrl });
  const clock = createControl(app.announced.clockUrl);
  const google = createControl(vendors.control.google);
  const jamf = createControl(vendors.control.jamf);
  const retriever = createControl(vendors.control.retriever);
  const easypost = createControl(vendors.control.easypost);
  await easypost.post('/command/webhook', { url: new URL('/webhooks/easypost', app.announced.eventsUrl).href });
  const lost = (name: string): never => {
    throw new Error([`${name} ended without being asked`, ...app.said()].join('\n'));
  };
  const broken = Promise.race([
    vendors.ended.then((vendor) => lost(`the ${vendor} simulator`)),
    app.ended.then(() => lost('the app')),
  ]);
  broken.catch(() => undefined); // at the end they are asked
  return {
    slack,
    okta: createControl(vendors.control.okta),
    jira: createControl(vendors.control.jira),
    settings: vendors.settings,
    appUrl: new URL(app.announced.eventsUrl).origin,
    google,
    bamboohr: createControl(vendors.control.bamboohr),
    jamf,
    snipeit: createControl(vendors.control.snipeit),
    retriever,
    easypost,
    async advance(advanceMs) {
      const passing = Object.values(vendors.control).map((url) => createControl(url));
      await Promise.all(passing.map((vendor) => vendor.post('/command/advance', { ms: advanceMs })));
      await clock.post('', { advanceMs });
    },
    audit: () => createControl(new URL('/audit', app.announced.clockUrl).href).get(''),
    broken,
  };
}

/** The system's own variables only: no setting of a real workspace reaches the demo. */
function environment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, TEMP, TMP, SystemRoot, TZ } = process.env;
  return { PATH, HOME, TMPDIR, TEMP, TMP, SystemRoot, TZ };
}
