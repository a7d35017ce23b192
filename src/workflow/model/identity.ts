// The rule by which an Okta account and an HR record are the same person, differ, or leave it to a human. Pure.

/** Null: empty there, or hidden from us. */
export interface OktaAccount {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** Every name the account has: the one that is shown, first and last name. */
  readonly names: readonly string[];
  readonly employeeNumber: string | null;
  readonly title: string | null;
  /** As the org fills it: a name, an address, a login, a number. */
  readonly managers: readonly string[];
}

/** A field of a record that later steps need and that a key can be kept from seeing. */
export type HrisField = 'name' | 'number' | 'status' | 'manager' | 'country' | 'department' | 'dates';

/** A record as BambooHR has it today; its end may lie ahead. Dates are `YYYY-MM-DD`. */
export interface HrisRecord {
  readonly id: string;
  readonly email: string;
  readonly status: 'Active' | 'Inactive' | null;
  readonly name: string | null;
  readonly employeeNumber: string | null;
  readonly title: string | null;
  readonly department: string | null;
  readonly country: string | null;
  readonly managerId: string | null;
  readonly managerName: string | null;
  readonly managerEmail: string | null;
  readonly hireDate: string | null;
  readonly terminationDate: string | null;
  /** Null above means unknown for these, not empty. */
  readonly hidden: readonly HrisField[];
}

/** Why a human must say who is meant. */
export type Contradiction = 'several_records' | 'other_number' | 'other_name';

/**
 * All records with the account's address, at least one. Empty: nothing speaks against their being the same person.
 *
 * - More than one record: a human decides, whatever they say; an inactive one beside an active one too.
 * - Employee numbers on both sides decide alone: equal is the same person under any name, different is not.
 * - Without them the names do: another name is a contradiction. A name is not another one for a middle name, a short form
 *   (Dan, Daniel), accents or order, nor where the two are written in different scripts and cannot be compared.
 * - The manager never decides: it is the fact that is most often out of date. That it differs is told (`managersDiffer`).
 */
export function contradictionsOf(account: OktaAccount, records: readonly HrisRecord[]): readonly Contradiction[] {
  const several: Contradiction[] = records.length > 1 ? ['several_records'] : [];
  const told = new Set(records.flatMap((record) => contradictionWith(account, record) ?? []));
  return [...several, ...told];
}

function contradictionWith(account: OktaAccount, record: HrisRecord): Contradiction | null {
  const [ours, theirs] = [numberOf(account.employeeNumber), numberOf(record.employeeNumber)];
  if (ours !== null && theirs !== null) return ours === theirs ? null : 'other_number';
  if (record.name === null) return null;
  return isAnotherName(account.names, record.name) ? 'other_name' : null;
}

/** True where none of these names can be a form of the other. */
export function isAnotherName(names: readonly string[], other: string): boolean {
  return names.length > 0 && names.every((one) => isOtherName(one, other));
}

/** True only where both name a manager and the two cannot be the same. */
export function managersDiffer(account: OktaAccount, record: HrisRecord): boolean {
  const said = account.managers.map((one) => one.trim()).filter((one) => /\p{L}/u.test(one));
  if (said.length === 0) return false;
  const [email, name] = [record.managerEmail?.toLowerCase(), record.managerName];
  if (email === undefined && name === null) return false;
  const comparable = said.filter((one) => (one.includes('@') ? email !== undefined : name !== null));
  return (
    comparable.length > 0 &&
    comparable.every((one) => (one.includes('@') ? one.toLowerCase() !== email : isOtherName(one, name ?? '')))
  );
}

/** `0042` is `42`: one side often drops the zeros. */
function numberOf(text: string | null): string | null {
  const plain = text?.trim().toLowerCase() ?? '';
  return plain === '' ? null : plain.replace(/^0+(?=\d)/, '');
}

const SHORTEST_FORM = 3;

function isOtherName(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  if (a.length === 0 || b.length === 0 || !shareScript(one, other)) return false;
  if (a.join('') === b.join('')) return false;
  return !isWithin(a, b) && !isWithin(b, a);
}

function isWithin(few: readonly string[], many: readonly string[]): boolean {
  return few.every((word) => many.some((candidate) => isForm(word, candidate)));
}

function isForm(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= SHORTEST_FORM && long.startsWith(short);
}

/** Without accents, case, punctuation, initials and what cannot be seen. */
function wordsOf(name: string): string[] {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  const words = plain.split(/[^\p{L}]+/u).filter(Boolean);
  const long = words.filter((word) => word.length > 1);
  return long.length > 0 ? long : words;
}

const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Hangul}/u,
  /\p{Script=Han}/u,
  /\p{Script=Hiragana}|\p{Script=Katakana}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Devanagari}/u,
  /\p{Script=Thai}/u,
];

function shareScript(one: string, other: string): boolean {
  return SCRIPTS.some((script) => script.test(one) && script.test(other));
}
