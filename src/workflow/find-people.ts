// Who somebody at a keyboard may mean: names and exact logins out of Okta, for operators only. Reads only; choosing one starts nothing.
import type { Okta } from '../connectors/okta/client.ts';
import type { Operators } from './model/ports.ts';
import type { OperatorId } from './model/run.ts';

/** Fewer letters would list half the company. */
const LEAST_TYPED = 2;
const MOST_TYPED = 100;

export interface FoundPerson {
  readonly name: string;
  /** Okta's own, which is one person's only. */
  readonly login: string;
  /** Okta's status of the person (`ACTIVE`, …). */
  readonly status: string;
}

/** Empty for whoever is no operator. Throws ConnectorError where Okta does not answer. */
export type FindPeople = (operator: OperatorId, typed: string) => Promise<readonly FoundPerson[]>;

export function createFindPeople(deps: {
  readonly okta: Pick<Okta, 'suggestUsers'>;
  readonly operators: Pick<Operators, 'role'>;
}): FindPeople {
  return async (operator, typed) => {
    const asked = typed.trim().slice(0, MOST_TYPED);
    if (asked.length < LEAST_TYPED || (await deps.operators.role(operator)) === null) return [];
    const users = await deps.okta.suggestUsers(asked);
    return users.map(({ profile, status }) => ({
      name: profile.displayName || [profile.firstName, profile.lastName].filter(Boolean).join(' ') || profile.login,
      login: profile.login,
      status,
    }));
  };
}
