// Where the person of a record lives: asked for when a box is sent, and not before. A plan does not need it.
import { z } from 'zod';
import { Id, Text } from './schema.ts';

export const BAMBOOHR_HOME_FIELDS = [
  'displayName',
  'homeEmail',
  'address1',
  'address2',
  'city',
  'state',
  'zipcode',
  'country',
] as const;

/** Null: empty, or hidden from the key. Of a person: held for the call only. */
export interface Home {
  readonly name: string | null;
  /** Their own, which outlives the account. */
  readonly email: string | null;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly zip: string | null;
  /** A name: `United States`. */
  readonly country: string | null;
}

export const HomeRecord = z
  .object({
    id: Id,
    displayName: Text,
    homeEmail: Text,
    address1: Text,
    address2: Text,
    city: Text,
    state: Text,
    zipcode: Text,
    country: Text,
  })
  .transform((one): { readonly id: string; readonly home: Home } => ({
    id: one.id,
    home: {
      name: one.displayName,
      email: one.homeEmail,
      line1: one.address1,
      line2: one.address2,
      city: one.city,
      state: one.state,
      zip: one.zipcode,
      country: one.country,
    },
  }));
