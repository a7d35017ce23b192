// The computers of a plan: what is said of each, what is ticked already, and what does not count as a decision.
import { describe, expect, it } from 'vitest';
import { deviceAlerts, deviceInputs, deviceLines } from '../../../src/blocks/device-plan-text.ts';
import { buildPlanModal } from '../../../src/blocks/modal-plan.ts';
import { deviceFrom } from '../../../src/workflow/devices.ts';
import {
  confirmedDevices,
  type DevicesView,
  type FoundDevice,
  isDevicesDecided,
  NO_DEVICE,
  suggestedDevices,
} from '../../../src/workflow/model/device.ts';
import { aPlan, expectGoodModal } from './screens.ts';

const mac = (id: string, over: Partial<FoundDevice> = {}): FoundDevice => ({
  id: `jamf:${id}`,
  kind: 'laptop',
  serial: `C02DANA000${id}`,
  name: 'Dana’s MacBook Pro',
  model: 'MacBook Pro (14-inch, 2023)',
  managementId: `m${id}`,
  isAppleSilicon: true,
  osVersion: '26.1',
  lastSeenAt: new Date('2026-03-01T09:00:00Z'),
  lastUser: 'dana',
  isTheirs: true,
  ...over,
});
const found = (...devices: FoundDevice[]): DevicesView => ({ is: 'read', devices });
const choice = (...ids: string[]) => ({ ids, fate: 'collect', way: 'ship' }) as const;

describe('what is ticked already', () => {
  it('is the only computer there is, if it is theirs', () => {
    expect(suggestedDevices(found(mac('1')))).toEqual(['jamf:1']);
    expect(suggestedDevices(found(mac('1', { isTheirs: false })))).toEqual([]);
    expect(suggestedDevices(found(mac('1'), mac('2')))).toEqual([]);
    expect(suggestedDevices(found())).toEqual([]);
  });
});

describe('a decision about computers', () => {
  it.each([
    ['nobody’s computers', found(), null, true],
    ['Jamf that did not answer', { is: 'not_read', why: 'x', isRefusal: false } as const, null, true],
    ['one that was ticked', found(mac('1')), choice('jamf:1'), true],
    ['none of them, said so', found(mac('1')), choice(NO_DEVICE), true],
    ['nothing said', found(mac('1')), null, false],
    ['nothing ticked', found(mac('1')), choice(), false],
    ['one that was not on offer', found(mac('1')), choice('jamf:9'), false],
    ['one, and none', found(mac('1')), choice('jamf:1', NO_DEVICE), false],
  ])('about %s', (_, view, chosen, isDecided) => {
    expect(isDevicesDecided(view, chosen)).toBe(isDecided);
  });

  it('keeps what was ticked, and neither the last user nor an address', () => {
    const [kept, ...others] = confirmedDevices(found(mac('1'), mac('2')), choice('jamf:2'));

    expect(others).toEqual([]);
    expect(kept).toEqual({
      ...{ id: 'jamf:2', kind: 'laptop', serial: 'C02DANA0002', name: 'Dana’s MacBook Pro' },
      ...{ model: 'MacBook Pro (14-inch, 2023)', managementId: 'm2', isAppleSilicon: true },
      ...{ fate: 'collect', way: 'ship' },
    });
    expect(confirmedDevices(found(mac('1')), choice(NO_DEVICE))).toEqual([]);
  });
});

describe('whose a computer is', () => {
  const computer = {
    ...{ supervised: true, activationLock: false, realname: null },
    ...{ id: '1', managementId: 'm1', name: 'Mac', serialNumber: 'C1', model: 'MacBook Air', appleSilicon: true },
    ...{
      osVersion: '26.1',
      managed: true,
      username: 'dana',
      email: 'dana@acme.test',
      lastUser: null,
      lastContactAt: null,
    },
  };
  it.each([
    ['Jamf names them and nobody used it since', {}, true],
    ['the address is another one, the short name theirs', { email: 'd@old.test', username: 'Dana' }, true],
    ['somebody else used it last', { lastUser: 'alex' }, false],
    ['they used it last', { lastUser: 'DANA' }, true],
    ['Jamf names somebody else', { username: 'alex', email: 'alex@acme.test' }, false],
    ['Jamf names nobody', { username: null, email: null }, false],
  ])('where %s', (_, over, isTheirs) => {
    expect(deviceFrom({ ...computer, ...over }, ['dana@acme.test']).isTheirs).toBe(isTheirs);
  });

  it('takes no lock where it is not managed any more', () => {
    expect(deviceFrom({ ...computer, managed: false }, []).managementId).toBeNull();
  });
});

describe('on the screen', () => {
  it('tells serial, model, when it was last seen, and a foreign last user', () => {
    const [head, line] = deviceLines(found(mac('1', { isTheirs: false, lastUser: 'alex' })));

    expect(head).toBe('Computers: 1 computer');
    expect(line).toMatch(
      /Dana’s MacBook Pro C02DANA0001 · MacBook Pro \(14-inch, 2023\) · last seen .* · \*last used by alex\*/,
    );
  });

  it('warns of a lock that deactivates, and of a Mac that takes none', () => {
    const lines = deviceLines(
      found(mac('1', { osVersion: '11.4' }), mac('2', { managementId: null, osVersion: '11.5' })),
    );

    expect(lines[1]).toContain('before 11.5 a lock deactivates this Mac');
    expect(lines[2]).not.toContain('deactivates');
    expect(lines[2]).toContain('not managed: it takes no lock');
  });

  it('says that Jamf is not set up, or did not answer', () => {
    expect(deviceLines(undefined)).toEqual(['Jamf is not set up: no computer is locked by Sendoff.']);
    expect(deviceAlerts({ devices: { is: 'not_read', why: 'no answer', isRefusal: false } })).toHaveLength(1);
  });

  it.each(['', '\u200b\u200b'])('is one that Slack takes with a computer named %j', (name) => {
    const devices = found(mac('1', { name, serial: null }));

    expectGoodModal(buildPlanModal(aPlan({ devices, returnWay: 'ship' }), { privateMetadata: '{}' }), ['<#C0ITOPS>']);
  });

  it.each([1, 2, 9, 10, 12, 150])('is a window that Slack takes with %i computers', (n) => {
    const devices = found(...Array.from({ length: n }, (_, at) => mac(String(at))));
    const view = buildPlanModal(aPlan({ devices, returnWay: 'ship' }), { privateMetadata: '{}' });

    expectGoodModal(view, ['<#C0ITOPS>']);
    expect(deviceInputs({ devices, returnWay: 'ship' }, 'collect')).toHaveLength(3);
  });
});
