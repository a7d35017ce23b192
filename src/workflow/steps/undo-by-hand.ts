// What only a person can put back: apps that no group gives, admin rights, the cancelled order of a box. Each is asked for with what is
// missing by name; an answer is their word, and the record says so.
import type { Okta } from '../../connectors/okta/client.ts';
import { deviceSubject } from '../model/device.ts';
import type { Facts, Observation, Question, ReadContext, Step } from '../model/step.ts';
import { orderedBoxes, recordedNames } from '../model/undone.ts';
import { OKTA_GROUPS_BACK } from './okta-groups-back.ts';
import { pinnedUserId } from './okta-person.ts';
import { readUndone, type UndoDeps } from './undo-of.ts';

/** Okta gives a group's apps in the background. */
const GROUPS_TAKE_EFFECT_MS = 2 * 60_000;
const LOOK_AGAIN_MS = 20_000;

type OktaUndoDeps = UndoDeps & { readonly okta: Okta };

/** Admin rights are never given back by a machine: an approver says what becomes of them. */
const ROLES: Question = { name: 'roles_back', by: 'approver', kind: 'approve', irreversible: false };
const APPS: Question = { name: 'apps_back', by: 'operator', kind: 'approve', irreversible: false };
const BOX: Question = { name: 'box_cancelled', by: 'operator', kind: 'approve', irreversible: false };

export function oktaAppsBack(deps: OktaUndoDeps): Step {
  return {
    name: 'okta.apps_back',
    vendor: 'okta',
    stage: 'hand_over',
    needs: [{ step: OKTA_GROUPS_BACK, until: 'ended' }],
    settleMs: 0,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const undone = await readUndone(deps, context);
      const recorded = recordedNames(undone, 'okta.snapshot', 'apps') ?? [];
      const now = await deps.okta.listAppLabels(pinnedUserId(context));
      const missing = recorded.filter((one) => !now.includes(one));
      const facts: Facts = { apps: recorded.filter((one) => now.includes(one)), missing };
      if (missing.length === 0) return { is: 'satisfied', basis: 'read_back', facts };
      if (context.run.id === '') return { is: 'under_way', facts, lookAgainInMs: LOOK_AGAIN_MS };
      const groupsAt = await deps.undone.endedAt(context.run.id, OKTA_GROUPS_BACK);
      const isFresh = groupsAt !== null && context.now.getTime() - groupsAt.getTime() < GROUPS_TAKE_EFFECT_MS;
      if (isFresh) return { is: 'under_way', facts, lookAgainInMs: LOOK_AGAIN_MS };
      return told(context, APPS, facts);
    },
  };
}

export function oktaRolesBack(deps: OktaUndoDeps): Step {
  return {
    name: 'okta.roles_back',
    vendor: 'okta',
    stage: 'hand_over',
    needs: [{ step: OKTA_GROUPS_BACK, until: 'ended' }],
    settleMs: 0,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const undone = await readUndone(deps, context);
      const recorded = recordedNames(undone, 'okta.snapshot', 'roles') ?? [];
      if (recorded.length === 0) return { is: 'not_applicable', facts: {}, why: 'no_roles' };
      const now = await deps.okta.listRoleTypes(pinnedUserId(context));
      const missing = recorded.filter((one) => !now.includes(one));
      const facts: Facts = { roles: recorded, missing };
      if (missing.length === 0) return { is: 'satisfied', basis: 'read_back', facts };
      return told(context, ROLES, facts);
    },
  };
}

/** Retriever has no call that cancels an order. */
export function returnCancelBox(deps: UndoDeps): Step {
  return {
    name: 'return.cancel_box',
    vendor: 'people',
    stage: 'hand_over',
    needs: [],
    settleMs: 0,
    verifies: 'accepted',
    subjects: ({ devices }) => devices.filter((one) => one.way === 'ship').map(deviceSubject),
    async observe(context): Promise<Observation> {
      const undone = await readUndone(deps, context);
      const order = orderedBoxes(undone).find((one) => one.subject === context.subject);
      if (!order) return { is: 'not_applicable', facts: {}, why: 'no_box_out' };
      return told(context, BOX, { order: order.after?.order ?? null });
    },
  };
}

/** Yes or no, it is decided: what is not given back stays listed. */
function told(context: ReadContext, question: Question, facts: Facts): Observation {
  const answer = context.answer(question.name);
  if (answer?.kind === 'approve')
    return { is: 'satisfied', basis: 'accepted', facts: { ...facts, byHand: answer.approved } };
  return { is: 'asks', facts, need: { kind: 'question', question } };
}
