// `npm run vendors` as a process: one JSON line that points an app at the simulators, and nothing left when it ends.
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig, Settings } from '../../src/app/config.ts';
import { type Program, runProgram } from '../support/processes.ts';

const KILL_MS = 30_000;
/** Where the app keeps its own things and ways, which no vendor can say. */
const OWN = [
  'DATABASE_URL',
  'PORT',
  'SENDOFF_DATA_DIR',
  'SENDOFF_POLICY',
  'SLACK_APP_TOKEN',
  'JIRA_ISSUE_TYPE',
  'JIRA_DONE_STATUS',
];

interface Announced {
  readonly settings: Readonly<Record<string, string>>;
  readonly control: Readonly<Record<string, string>>;
}

describe('npm run vendors', { timeout: KILL_MS }, () => {
  const started: Program[] = [];
  const start = async (...options: string[]): Promise<{ vendors: Program; announced: Announced }> => {
    const vendors = runProgram(['sandbox/vendors.ts', ...options], { killMs: KILL_MS });
    started.push(vendors);
    await vendors.says('\n');
    return { vendors, announced: JSON.parse(vendors.out()) as Announced };
  };
  afterAll(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await Promise.all(started.map((program) => program.leftovers()));
  });

  it('prints one line with every setting that an app needs, and each vendor’s control address', async () => {
    const { vendors, announced } = await start();
    const journals = await Promise.all(
      Object.values(announced.control).map(async (url) => (await fetch(`${url}/journal`)).json()),
    );

    vendors.child.kill('SIGTERM');
    await vendors.ended;

    expect(vendors.out().trim().split('\n')).toHaveLength(1);
    expect(Object.keys(announced.settings).sort()).toEqual(
      Object.keys(Settings.shape)
        .filter((name) => !OWN.includes(name))
        .sort(),
    );
    expect(readConfig(announced.settings)).toMatchObject({
      okta: { credentials: { clientId: announced.settings.OKTA_CLIENT_ID } },
    });
    expect(Object.keys(announced.control).sort()).toEqual([
      ...['bamboohr', 'easypost', 'google', 'jamf', 'jira', 'okta', 'retriever', 'slack', 'snipeit'],
    ]);
    expect(journals).toEqual(Array.from({ length: 9 }, () => []));
  });

  it('sends Slack’s requests to the address it was given, or to the app’s usual one', async () => {
    const [usual, given] = await Promise.all([start(), start('--events-url', 'http://127.0.0.1:3999/slack/events')]);
    const eventsUrlOf = async ({ announced }: { announced: Announced }): Promise<unknown> => {
      const state = (await (await fetch(`${announced.control.slack}/state`)).json()) as { eventsUrl: string };
      return state.eventsUrl;
    };

    expect(await eventsUrlOf(usual)).toBe('http://127.0.0.1:3000/slack/events');
    expect(await eventsUrlOf(given)).toBe('http://127.0.0.1:3999/slack/events');
    for (const { vendors } of [usual, given]) vendors.child.kill('SIGTERM');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('leaves no simulator after %s', async (signal) => {
    const { vendors } = await start();

    vendors.child.kill(signal);

    expect(await vendors.ended).toBe(signal === 'SIGKILL' ? null : 0);
    expect(await vendors.leftovers()).toEqual([]);
  });

  it('ends with its parent where it is asked to', async () => {
    const { vendors } = await start('--follow-stdin');

    vendors.child.stdin?.end();

    expect(await vendors.ended).toBe(0);
    expect(await vendors.leftovers()).toEqual([]);
  });

  it('says which setting it does not know', async () => {
    const vendors = runProgram(['sandbox/vendors.ts', '--port', '1'], { killMs: KILL_MS });
    started.push(vendors);

    expect(await vendors.ended).toBe(1);
    expect(vendors.err()).toContain('--port');
  });
});
