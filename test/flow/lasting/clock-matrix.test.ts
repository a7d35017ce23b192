// Clocks that are wrong, jump or change: the app's beside the database's and the vendors', summer time both ways, a leap day.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app/compose.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { DOOR_SETTINGS, fromBambooHr, fromOkta, post } from '../../support/office-doors.ts';
import { MANY_AN_HOUR, policyFile } from '../../support/returns.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let office: Office;
let app: App;
let count = 0;

beforeAll(async () => {
  office = await anOffice({
    bamboohr: true,
    settings: { ...DOOR_SETTINGS, SENDOFF_POLICY: policyFile(MANY_AN_HOUR) },
    started: false,
  });
  app = await office.start();
}, 60_000);
afterAll(() => office.close());

function hr() {
  if (!office.bamboohr) throw new Error('no BambooHR');
  return office.bamboohr;
}

interface Person {
  readonly login: string;
  readonly oktaId: string;
  readonly record: string;
}

/** Somebody new for each case, in this zone. */
function somebody(patch: Record<string, unknown>, timezone = 'Europe/Berlin'): Person {
  const login = `clock${count++}@acme.test`;
  const [oktaId = ''] = (
    office.okta.command('add_user', { count: 1, prefix: `clock${count - 1}-` }) as { added: string[] }
  ).added;
  office.okta.command('set_user', {
    user: oktaId,
    patch: { profile: { login, email: login, timezone, displayName: 'Load Clock' } },
  });
  const all = {
    workEmail: login,
    displayName: 'Load Clock',
    employeeNumber: login,
    supervisorId: null,
    endsOn: null,
    ...patch,
  };
  const { id } = hr().command('add_employee', { employee: 'alex', patch: all }) as { id: string };
  office.okta.command('set_user', { user: oktaId, patch: { profile: { employeeNumber: login } } });
  return { login, oktaId, record: id };
}

const runsOf = (one: Person) =>
  office.db.query<{ status: string; at: Date | null }>(
    'SELECT status, access_ends_at AS at FROM run WHERE person_id = $1 ORDER BY requested_at',
    [one.oktaId],
  );
const statusOf = async (one: Person): Promise<string | undefined> => (await runsOf(one)).at(-1)?.status;
const knocks = async (one: Person): Promise<number> => post(app, 'bamboohr', fromBambooHr([one.record]));
/** Where the Clock stands relative to its beginning, in ms. */
const setClock = (at: Date): void => office.pass(at.getTime() - office.clock.now().getTime());
const START = new Date('2026-03-02T09:00:00Z');
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

describe.each([
  ['an hour behind', -HOUR],
  ['an hour ahead', HOUR],
  ['five minutes behind the database', -5 * MINUTE],
  ['five minutes ahead of the database', 5 * MINUTE],
  ['forty days behind', -40 * DAY],
  ['forty days ahead', 40 * DAY],
])('a Clock that is %s', (_, offset) => {
  it('takes genuine webhooks once, cuts after its ten minutes and not before, and begins nothing twice', async () => {
    setClock(new Date(START.getTime() + offset));
    const left = somebody({ status: 'Inactive', endsOn: dayOf(office.clock.now()) });
    const sent = fromBambooHr([left.record]);

    expect([await post(app, 'bamboohr', sent), await post(app, 'bamboohr', sent)]).toEqual([200, 409]);
    await office.until(async () => (await statusOf(left)) === 'scheduled');
    office.pass(9 * MINUTE);
    expect(await statusOf(left)).toBe('scheduled');
    office.pass(MINUTE + 1_000);
    await office.until(async () => (await statusOf(left)) === 'closed', 30_000);
    expect(await post(app, 'okta', fromOkta([left.oktaId]))).toBe(200);
    await knocks(left);
    await office.until(
      async () => (await office.db.query('SELECT 1 FROM knock WHERE wanted > looked', [])).length === 0,
    );

    expect(await runsOf(left)).toHaveLength(1);
  }, 60_000);
});

describe('a Clock that jumps while a run is scheduled', () => {
  it('back by forty days does not begin it; ahead by forty days begins it once', async () => {
    setClock(START);
    const leaves = somebody({ status: 'Active', endsOn: '2026-03-16' });
    await knocks(leaves);
    await office.until(async () => (await statusOf(leaves)) === 'scheduled');

    setClock(new Date(START.getTime() - 40 * DAY));
    app.wake();
    expect(await statusOf(leaves)).toBe('scheduled');
    setClock(new Date(START.getTime() + 40 * DAY));

    // HR's date stands, though its record is not ended yet.
    await office.until(async () => (await statusOf(leaves)) === 'closed', 30_000);
    expect(await runsOf(leaves)).toHaveLength(1);
  }, 60_000);
});

describe.each([
  ['summer time begins', 'Europe/Berlin', '2026-03-29', '2026-03-29T16:00:00.000Z'],
  ['the day before it begins', 'Europe/Berlin', '2026-03-28', '2026-03-28T17:00:00.000Z'],
  ['summer time ends', 'Europe/Berlin', '2026-10-25', '2026-10-25T17:00:00.000Z'],
  ['a leap day', 'Asia/Seoul', '2028-02-29', '2028-02-29T09:00:00.000Z'],
  ['the far side of the date line', 'Pacific/Kiritimati', '2026-12-31', '2026-12-31T04:00:00.000Z'],
])('a last day on which %s', (_, zone, day, moment) => {
  it('ends access at six in the evening there, not a minute before', async () => {
    const at = new Date(moment);
    setClock(new Date(at.getTime() - 3 * DAY));
    const leaves = somebody({ status: 'Active', endsOn: day }, zone);
    await knocks(leaves);
    await office.until(async () => (await statusOf(leaves)) === 'scheduled');
    expect((await runsOf(leaves))[0]?.at).toEqual(at);

    setClock(new Date(at.getTime() - MINUTE));
    app.wake();
    expect(await statusOf(leaves)).toBe('scheduled');
    // HR's own word of that day: still employed as it begins, or ended; both are the agreed end.
    setClock(new Date(at.getTime() + 1_000));

    await office.until(async () => (await statusOf(leaves)) === 'closed', 30_000);
    expect(await runsOf(leaves)).toHaveLength(1);
  }, 60_000);
});
