// The country a person works in, as HR says it, else as Okta does. Pure.
import type { User } from '../connectors/okta/schema.ts';
import { countryCode } from './model/countries.ts';
import type { HrisView } from './model/plan.ts';

/** ISO 3166-1 alpha-2; null: nobody says, or not in a way that can be read. */
export function countryOf(user: User, hris: HrisView | null): string | null {
  const said = hris?.is === 'same_person' ? hris.record.country : null;
  return countryCode(said ?? user.profile.countryCode ?? '');
}
