// What the simulators remember goes through a file to another start of them, and is all that their state shows.
import { afterAll, expect, it } from 'vitest';
import { fromLine, toLine } from '../../sandbox/page/json-text.ts';
import { type Simulators, startSimulators, VENDORS } from '../../sandbox/page/simulators.ts';

const started: Simulators[] = [];
afterAll(() => Promise.all(started.map((one) => one.close())));

/** Differs between two starts, or passes by itself. */
const OWN = /"(now|eventsUrl|webhookUrl|hash|lastLoginAt|usableFrom|lastContactAt|deliveries)":/;

/** Those that something happens at here. */
const TOUCHED = new Set<string>(['okta', 'google', 'jamf', 'snipeit', 'bamboohr', 'slack']);

it('each goes on where another start of it has ended', async () => {
  const first = await start();
  const { all } = first;
  await all.okta.command('set_user', { user: 'dana', patch: { status: 'SUSPENDED' } });
  await all.google.command('suspend', { user: 'dana' });
  await all.jamf.command('lock_by_hand', { device: 'C02DANA0001', pin: '123456' });
  await all.snipeit.command('add_asset', { serial: 'C02NEW00001' });
  await all.bamboohr.command('set_employee', { employee: 'dana', patch: { endsOn: '2026-01-02' } });
  await all.slack.command('say', { user: 'U0LIN', channel: 'C0ITOPS', text: 'Hello' });
  const second = await start();
  for (const name of VENDORS) {
    if (TOUCHED.has(name)) expect(lines(second, name), name).not.toEqual(lines(first, name));
    second.all[name].memory.give(all[name].memory.take().map((piece) => fromLine(toLine(piece))));
    expect(lines(second, name), name).toEqual(lines(first, name));
  }
});

async function start(): Promise<Simulators> {
  const simulators = await startSimulators({});
  started.push(simulators);
  return simulators;
}

function lines(simulators: Simulators, name: (typeof VENDORS)[number]): string[] {
  return JSON.stringify(simulators.all[name].state(), null, 1)
    .split('\n')
    .filter((line) => !OWN.test(line));
}
