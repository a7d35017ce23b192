// Starts each vendor's simulator as a child process that ends with us, and collects the settings that point an app at them.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child-process.ts';
import { person, TEAM_ID } from './people.ts';

const VENDORS = ['slack', 'okta', 'jira', 'bamboohr', 'google', 'jamf', 'snipeit', 'retriever', 'easypost'] as const;
export type Vendor = (typeof VENDORS)[number];

/** The operators among the invented people. */
const ADMINS = ['lin', 'sam'];

export interface Vendors {
  /** Every setting of ARCHITECTURE §6 that points at the simulators. With both of Okta's credentials an app uses the key. */
  readonly settings: Readonly<Record<string, string>>;
  /** Control address of each vendor: journal, state, faults, commands. */
  readonly control: Readonly<Record<Vendor, string>>;
  /** Resolves with its name when a simulator ends, by `stop` or without being asked. */
  readonly ended: Promise<Vendor>;
  stop(): Promise<void>;
}

interface Announced {
  readonly vendor: Vendor;
  readonly url: string;
  readonly controlUrl: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** As the real one: a search misses what was made a moment ago. */
const JIRA_INDEX_DELAY_MS = 2_000;

/** `eventsUrl`: where the app will listen; absent, Slack is told later by its command `connect`. */
export async function startVendors(options: { eventsUrl?: string } = {}): Promise<Vendors> {
  const starting = VENDORS.map((vendor) => {
    return startChild<Announced>({
      name: `the ${vendor} simulator`,
      program: fileURLToPath(new URL(`./vendors/${vendor}/main.ts`, import.meta.url)),
      args: argumentsOf(vendor, options.eventsUrl),
    });
  });
  const outcomes = await Promise.allSettled(starting);
  const started = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((child) => child.stop()));
  };
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const collected = collect(started);
  await followRetriever(collected.control);
  await provisionSlack(collected.control);
  return { ...collected, ended: Promise.race(started.map(nameAtEnd)), stop };
}

function argumentsOf(vendor: Vendor, eventsUrl: string | undefined): readonly string[] {
  if (vendor === 'jira') return ['--index-delay-ms', String(JIRA_INDEX_DELAY_MS)];
  return vendor === 'slack' && eventsUrl !== undefined ? ['--events-url', eventsUrl] : [];
}

function collect(started: readonly Child<Announced>[]): Pick<Vendors, 'settings' | 'control'> {
  const settings: Record<string, string> = Object.assign({}, ...started.map(({ announced }) => announced.settings));
  const control = started.map(({ announced }) => [announced.vendor, announced.controlUrl]);
  return {
    settings: {
      ...settings,
      SENDOFF_ADMINS: ADMINS.map((key) => `${TEAM_ID}:${person(key).slackUserId}`).join(','),
      SENDOFF_SECRET_KEYS: `1:${randomBytes(32).toString('base64')}`,
    },
    control: Object.fromEntries(control) as Record<Vendor, string>,
  };
}

/** Boxes that Retriever ships are seen by EasyPost's carriers. */
async function followRetriever({ retriever, easypost }: Vendors['control']): Promise<void> {
  await fetch(`${easypost}/command/follow_retriever`, { method: 'POST', body: JSON.stringify({ url: retriever }) });
}

/** Whoever is deactivated in Okta is so in Slack. */
async function provisionSlack({ okta, slack }: Vendors['control']): Promise<void> {
  await fetch(`${okta}/command/provision_slack`, { method: 'POST', body: JSON.stringify({ url: slack }) });
}

async function nameAtEnd(child: Child<Announced>): Promise<Vendor> {
  await child.ended;
  return child.announced.vendor;
}
