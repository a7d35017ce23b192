// okta.groups_back: the person is in the groups that were recorded before they lost them. Okta's own groups only: an app's and a rule's
// come by themselves. A group that gives admin rights is a person's decision, never a machine's.
import type { Okta, OktaGroup } from '../../connectors/okta/client.ts';
import type { Effect, Facts, Observation, Step } from '../model/step.ts';
import { recordedNames } from '../model/undone.ts';
import { OKTA_ACTIVATE } from './okta-activate.ts';
import { pinnedUserId } from './okta-person.ts';
import { readUndone, type UndoDeps } from './undo-of.ts';

export const OKTA_GROUPS_BACK = 'okta.groups_back';
const ADD = 'okta.add_to_group';

export function oktaGroupsBack(deps: UndoDeps & { readonly okta: Okta }): Step {
  const { okta } = deps;
  return {
    name: OKTA_GROUPS_BACK,
    vendor: 'okta',
    stage: 'hand_over',
    needs: [{ step: OKTA_ACTIVATE, until: 'satisfied' }],
    settleMs: 30_000,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const undone = await readUndone(deps, context);
      const ids = recordedNames(undone, 'okta.snapshot', 'groupIds');
      if (ids === null) return { is: 'not_applicable', facts: {}, why: 'groups_not_recorded' };
      const userId = pinnedUserId(context);
      const user = await okta.getUser(userId);
      if (user === null) return { is: 'not_applicable', facts: {}, why: 'account_erased' };
      const now = await okta.listGroups(userId);
      const missing = ids.filter((id) => !now.some((one) => one.id === id));
      const sorted = await sortMissing(okta, missing);
      const facts: Facts = {
        groups: now.flatMap((one) => (ids.includes(one.id) ? [one.name] : [])),
        ...namesOf(sorted),
        gone: sorted.gone.map((id) => nameIn(undone, ids, id)),
      };
      const would = sorted.add.map(({ id }): Effect => ({ name: ADD, target: id, repeat: 'safe' }));
      return would.length > 0 ? { is: 'unsatisfied', facts, would } : { is: 'satisfied', basis: 'read_back', facts };
    },
    async apply(context, seen) {
      const userId = pinnedUserId(context);
      for (const effect of seen.would) await context.write(effect, () => okta.addToGroup(userId, effect.target ?? ''));
    },
  };
}

interface Sorted {
  readonly add: readonly OktaGroup[];
  /** Filled by an app or by Okta itself. */
  readonly byItself: readonly OktaGroup[];
  /** Membership gives admin rights. */
  readonly admin: readonly OktaGroup[];
  /** Ids. */
  readonly gone: readonly string[];
}

async function sortMissing(okta: Okta, missing: readonly string[]): Promise<Sorted> {
  const looked = await Promise.all(
    missing.map(async (id) => {
      const group = await okta.getGroup(id);
      if (group === null) return { id, group, kind: 'gone' as const };
      if (!group.isOwn) return { id, group, kind: 'byItself' as const };
      const roles = await okta.listGroupRoleTypes(id);
      return { id, group, kind: roles.length > 0 ? ('admin' as const) : ('add' as const) };
    }),
  );
  const of = (kind: (typeof looked)[number]['kind']): readonly OktaGroup[] =>
    looked.flatMap((one) => (one.kind === kind && one.group ? [one.group] : []));
  return {
    add: of('add'),
    byItself: of('byItself'),
    admin: of('admin'),
    gone: looked.flatMap((one) => (one.kind === 'gone' ? [one.id] : [])),
  };
}

function namesOf({ add, byItself, admin }: Sorted): Facts {
  const names = (groups: readonly OktaGroup[]): readonly string[] => groups.map((one) => one.name);
  return { missing: names(add), byItself: names(byItself), admin: names(admin) };
}

/** Of a group that is gone the record still has the name. */
function nameIn(undone: Parameters<typeof recordedNames>[0], ids: readonly string[], id: string): string {
  const names = recordedNames(undone, 'okta.snapshot', 'groups') ?? [];
  return names.length === ids.length ? (names[ids.indexOf(id)] ?? id) : id;
}
