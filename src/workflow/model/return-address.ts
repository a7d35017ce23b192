// Where a return box is sent: the address as a person's record or an operator gives it, and whether a box can go there. Pure; no
// word of an address leaves here but in the address itself.
import { z } from 'zod';
import { countryCode } from './countries.ts';

/** As it is sealed. */
export interface BoxAddress {
  readonly name: string;
  /** Their own: Retriever writes to it, and the work address is closed. */
  readonly email: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  /** Two letters. */
  readonly state: string;
  readonly zip: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: BoxCountry;
}

export type BoxCountry = 'US' | 'CA';

/** Null: not known. */
export type GivenAddress = { readonly [Key in keyof BoxAddress]: string | null };

/** What is wrong with one; names a field and never says what stands in it. */
export interface AddressProblem {
  readonly field: keyof BoxAddress;
  readonly why: 'missing' | 'po_box' | 'not_served' | 'malformed' | 'too_long';
}

/** Retriever's documentation, read 2026-11: boxes go to street addresses in the United States and Canada. */
const ZIPS: Readonly<Record<BoxCountry, RegExp>> = { US: /^\d{5}(-\d{4})?$/, CA: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i };
const US_STATES =
  'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI AS MP';
const PROVINCES = 'AB BC MB NB NL NS NT NU ON PE QC SK YT';
const STATES: Readonly<Record<BoxCountry, ReadonlySet<string>>> = {
  US: new Set(US_STATES.split(' ')),
  CA: new Set(PROVINCES.split(' ')),
};
/** "PO Box 12", "P.O. Box", "Post Office Box", and what Canada's post calls its own. */
const PO_BOX = /\b(?:p\.?\s*o\.?\s*box\b|post\s+office\s+box\b|general\s+delivery\b|[cb]\.?\s?p\.?\s\d)/i;
/** Labels have no room for more. */
const LONGEST = 200;
const REQUIRED = ['name', 'email', 'line1', 'city', 'state', 'zip', 'country'] as const;

/** The address that a box can be sent to, or everything that is wrong with it. */
export function checkAddress(
  given: GivenAddress,
): { readonly address: BoxAddress } | { readonly problems: readonly AddressProblem[] } {
  const trimmed = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, value?.normalize('NFKC').replace(/\s+/g, ' ').trim() || null]),
  ) as GivenAddress;
  const problems: AddressProblem[] = REQUIRED.flatMap((field) =>
    trimmed[field] === null ? [{ field, why: 'missing' as const }] : [],
  );
  for (const [field, value] of Object.entries(trimmed) as [keyof BoxAddress, string | null][])
    if (value !== null && value.length > LONGEST) problems.push({ field, why: 'too_long' });
  for (const field of ['line1', 'line2'] as const)
    if (PO_BOX.test(trimmed[field] ?? '')) problems.push({ field, why: 'po_box' });
  if (trimmed.email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(trimmed.email))
    problems.push({ field: 'email', why: 'malformed' });

  const country = trimmed.country === null ? null : countryCode(trimmed.country);
  if (trimmed.country !== null && country !== 'US' && country !== 'CA')
    problems.push({ field: 'country', why: 'not_served' });
  const state = trimmed.state?.toUpperCase() ?? '';
  if (country === 'US' || country === 'CA') {
    if (trimmed.state !== null && !STATES[country].has(state)) problems.push({ field: 'state', why: 'malformed' });
    if (trimmed.zip !== null && !ZIPS[country].test(trimmed.zip)) problems.push({ field: 'zip', why: 'malformed' });
  }
  if (problems.length > 0) return { problems };
  return { address: { ...trimmed, state, country } as BoxAddress };
}

/** As facts keep it: `line1 po_box`. */
export function problemWords(problems: readonly AddressProblem[]): readonly string[] {
  return [...new Set(problems.map(({ field, why }) => `${field} ${why}`))];
}

const Kept = z.object({
  name: z.string(),
  email: z.string(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string(),
  state: z.string(),
  zip: z.string(),
  country: z.enum(['US', 'CA']),
});

/** Out of a sealed secret. Throws where it is none: a fault of ours. */
export function readAddress(sealed: string): BoxAddress {
  return Kept.parse(JSON.parse(sealed));
}
