// jamf.look: nobody has ticked a computer, since Jamf could not be read when the run was confirmed, or since it began by itself and there are
// several, or somebody else's. Jamf is asked until it answers; what it then has a person deals with.
import type { Okta } from '../../connectors/okta/client.ts';
import { type DeviceReads, devicesOf } from '../devices.ts';
import type { Observation, Step } from '../model/step.ts';
import { readPinnedUser } from './okta-person.ts';

export const RETURN_THEM = 'return_devices';

export interface LookDeps {
  readonly jamf: DeviceReads;
  readonly okta: Okta;
}

export function jamfLook({ jamf, okta }: LookDeps): Step {
  return {
    name: 'jamf.look',
    vendor: 'jamf',
    stage: 'contain',
    needs: [],
    settleMs: 0,
    verifies: 'read_back',
    subjects: ({ isUnread }) => (isUnread ? [{ id: '', facts: {} }] : []),
    async observe(context): Promise<Observation> {
      const user = await readPinnedUser(okta, context);
      if (user === null) return { is: 'not_applicable', facts: {}, why: 'no_okta_account' };
      const found = await devicesOf(jamf, user);
      const facts = { serials: found.map((one) => one.serial ?? one.name) };
      if (found.length === 0) return { is: 'satisfied', basis: 'read_back', facts };
      const answer = context.answer(RETURN_THEM);
      if (answer?.kind === 'approve') return { is: 'satisfied', basis: 'read_back', facts: { ...facts, seen: true } };
      return {
        is: 'asks',
        facts,
        need: {
          kind: 'question',
          question: { name: RETURN_THEM, by: 'operator', kind: 'approve', irreversible: false },
        },
      };
    },
  };
}
