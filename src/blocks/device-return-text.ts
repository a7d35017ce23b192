// What screens say of a device return: why, which devices, what differs between two plans, and why one does not start.
import type { DevicesView, FoundDevice } from '../workflow/model/device.ts';
import type { ReturnFacts, ReturnPlan, ReturnReason } from '../workflow/model/device-return.ts';
import type { Refusal } from '../workflow/model/plan.ts';
import type { RunView } from '../workflow/model/run.ts';
import { list } from './amounts.ts';
import { statusWords } from './okta-words.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';

export const REASON_WORDS: Readonly<
  Record<ReturnReason, { readonly label: string; readonly says: string; readonly inShort: string }>
> = {
  offboarding: {
    label: 'Leaving',
    says: 'Their computers are locked. It closes no access: /offboard does that',
    inShort: 'leaving',
  },
  refresh: {
    label: 'Laptop refresh',
    says: 'Nothing is locked, or erased before the replacement is in use',
    inShort: 'laptop refresh',
  },
  malfunction: {
    label: 'Broken',
    says: 'Nothing is locked, or erased before the replacement is in use',
    inShort: 'broken',
  },
};

/** "MacBook Pro C02DANA0001, Monitor CN0AB123 · laptop refresh · with its charger". Null: the run is no return. */
export function returnDetail({ returns, steps }: Pick<RunView, 'returns' | 'steps'>): string | null {
  if (!returns) return null;
  const devices = [...new Map(steps.flatMap((step) => deviceWords(step) ?? []).map((one) => [one, one])).values()];
  const parts = [
    ...(devices.length > 0 ? [list(devices, 4)] : []),
    REASON_WORDS[returns.reason].inShort,
    ...chargerWords(returns),
  ];
  return parts.join(' · ');
}

export function chargerWords({ withCharger }: ReturnFacts): readonly string[] {
  return withCharger ? ['with its charger'] : [];
}

/** Raw: a list makes it safe. Null: the step is about no device. */
function deviceWords({ subject, facts }: RunView['steps'][number]): string | null {
  if (subject === '') return null;
  const words = [facts.name, facts.serial].filter((one) => typeof one === 'string' && one !== '');
  return words.join(' ') || subject;
}

/** What differs between two plans, a sentence each; empty if it is nothing that a reader can see. */
export function returnDifferences(before: ReturnPlan, now: ReturnPlan): readonly string[] {
  const told: string[] = [];
  if (before.status !== now.status)
    told.push(`The account was ${statusWords(before.status)}, now it is ${statusWords(now.status)}.`);
  if (before.isProtected !== now.isProtected)
    told.push(now.isProtected ? 'The person is protected now.' : 'The person is not protected any more.');
  if (hrisOf(before) !== hrisOf(now)) told.push('What BambooHR says of the person is different.');
  const [was, is] = [before, now].map((plan) => namesOf(plan.devices));
  if (was === null || is === null || was === undefined || is === undefined) {
    if (was !== is) told.push('Whether Jamf can be read is different.');
    return told;
  }
  for (const [id, device] of is) if (!was.has(id)) told.push(`New: ${device}`);
  for (const [id, device] of was) if (!is.has(id)) told.push(`No longer: ${device}`);
  for (const [id, device] of is)
    if (was.has(id) && was.get(id) !== device) told.push(`Was: ${was.get(id)}\nNow: ${device}`);
  return told;
}

function hrisOf({ hris }: ReturnPlan): string {
  return hris?.is === 'same_person' ? hris.record.id : (hris?.is ?? 'off');
}

/** By id; null: not read. */
function namesOf(devices: DevicesView | undefined): ReadonlyMap<string, string> | null {
  if (devices?.is !== 'read') return null;
  return new Map(devices.devices.map((device) => [device.id, nameOf(device)]));
}

function nameOf(device: FoundDevice): string {
  const words = [
    [safeText(device.name, 40), safeText(device.serial ?? '', 20)].filter(Boolean).join(' '),
    ...(device.managementId === null ? ['not managed'] : []),
    ...(device.isTheirs ? [] : ['used by somebody else']),
    ...elsewhereWords(device),
  ];
  return words.join(', ');
}

/** Empty: no other run has anything to do with its way back. */
export function elsewhereWords({ fetchedBy, boxOf }: Pick<FoundDevice, 'fetchedBy' | 'boxOf'>): readonly string[] {
  if (fetchedBy !== undefined) return [`*comes back in ${safeText(fetchedBy, 20)} already: nothing more is ordered*`];
  if (boxOf !== undefined)
    return [`*a box of ${safeText(boxOf, 20)} is still out: no second one is ordered, IT arranges it*`];
  return [];
}

type ReturnRefusal = Extract<
  Refusal,
  { why: 'nothing_to_return' | 'fetched_elsewhere' | 'self_lock' | 'protected_lock' }
>;

/** What happened, and what to do next. */
export function returnRefusalWords(refusal: ReturnRefusal): { readonly what: string; readonly next: string } {
  switch (refusal.why) {
    case 'nothing_to_return':
      return {
        what: `Nobody has said which devices of *${safeName(refusal.person.name)}* come back, or not in a way that fits the plan.`,
        next: 'Run the command again: tick them, or type what Jamf does not know.',
      };
    case 'fetched_elsewhere': {
      const devices = refusal.devices.slice(0, 5).map(({ name, code, isLive }) => {
        const run = safeText(code, 20);
        return `${safeText(name, 60)} (${isLive ? `on its way in ${run}` : `a box of ${run} is still out`})`;
      });
      return {
        what: `A device comes back in one run, and one box is ordered for it. Another run has this already: ${devices.join(', ')}.`,
        next: refusal.devices.some((one) => one.isLive)
          ? 'Watch it in that run, or leave it out here.'
          : 'Choose another way for it to come back: a second box is never ordered.',
      };
    }
    case 'self_lock':
      return {
        what: 'You cannot have your own computer locked.',
        next: 'Choose Laptop refresh or Broken, or ask another operator.',
      };
    case 'protected_lock':
      return {
        what: `${safeName(refusal.person.name)} is protected: their computer is locked only once a second approver has agreed.`,
        next: `Start \`/offboard ${safeCode(refusal.person.email).replaceAll('`', '')}\`, which asks for that, or choose Laptop refresh or Broken.`,
      };
    default:
      return refusal satisfies never;
  }
}
