// What the Okta connector adds to its SDK: proofs under a key of its own, and questions asked once within a preview.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type OktaSimulator, startOktaSimulator } from '../../../sandbox/vendors/okta/server.ts';
import { connectOkta, type Okta } from '../../../src/connectors/okta/client.ts';
import { rememberReads } from '../../../src/connectors/okta/remembered-reads.ts';

const ADA = '00uAda00000000000001';
let simulator: OktaSimulator;
let okta: Okta;
let ada: string;

beforeAll(async () => {
  simulator = await startOktaSimulator();
  const { users } = simulator.state() as { users: { id: string; key: string }[] };
  ada = users.find(({ key }) => key === 'ada')?.id ?? ADA;
  okta = connectOkta({
    orgUrl: simulator.url,
    credentials: { clientId: simulator.clientId, privateKey: simulator.privateKey },
    deadlineMs: 5_000,
    pace: async () => undefined,
  });
});

afterEach(() => {
  simulator.journal.clear();
});

afterAll(() => simulator.close());

const calls = (operation: string): number =>
  simulator.journal.calls.filter((call) => call.operation === operation).length;

it('the proofs hold before Okta: the token is bound to our key, and each call proves it', async () => {
  const user = await okta.getUser(ada);

  expect(user?.id).toBe(ada);
  expect(simulator.journal.calls.find((call) => call.operation === 'okta.getUser')).toMatchObject({
    status: 200,
    detail: { scheme: 'DPoP' },
  });
});

it('an ended token is fetched again, and bound again', async () => {
  simulator.command('expire_access_tokens');
  await expect(okta.getUser(ada)).rejects.toMatchObject({ kind: 'unauthorized' });

  expect((await okta.getUser(ada))?.id).toBe(ada);
});

it('within a preview the same question is asked once, of each person', async () => {
  const seen = await rememberReads(() => Promise.all([okta.getUser(ada), okta.getUser(ada), okta.listDevices(ada)]));

  expect(seen[0]).toEqual(seen[1]);
  expect([calls('okta.getUser'), calls('okta.listUserDevices')]).toEqual([1, 1]);
});

it('two previews, and whatever is not one, ask for themselves', async () => {
  await Promise.all([rememberReads(() => okta.getUser(ada)), rememberReads(() => okta.getUser(ada))]);
  await okta.getUser(ada);
  await okta.getUser(ada);

  expect(calls('okta.getUser')).toBe(4);
});

it('a search is more than its name: it is never remembered', async () => {
  await rememberReads(async () => {
    await okta.findUsers('ada@acme.test');
    await okta.findUsers('dana@acme.test');
  });

  expect(calls('okta.listUsers')).toBe(2);
});

it('a preview cannot write', async () => {
  await expect(rememberReads(() => okta.suspendUser(ada))).rejects.toThrow('in the midst of a preview');

  expect(calls('okta.suspendUser')).toBe(0);
});
