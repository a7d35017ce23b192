// A country as HR systems and people write it, as its ISO 3166-1 alpha-2 code. Names come from the runtime's own CLDR. Pure.

/** What CLDR's English does not call them. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  usa: 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  korea: 'KR',
  'republic of korea': 'KR',
  'korea, republic of': 'KR',
  'korea (south)': 'KR',
  holland: 'NL',
  'the netherlands': 'NL',
  'czech republic': 'CZ',
  turkey: 'TR',
  'ivory coast': 'CI',
  'russian federation': 'RU',
  'viet nam': 'VN',
  'hong kong': 'HK',
  macau: 'MO',
  uae: 'AE',
  'iran, islamic republic of': 'IR',
  'taiwan, province of china': 'TW',
  'moldova, republic of': 'MD',
  'tanzania, united republic of': 'TZ',
  'bolivia, plurinational state of': 'BO',
  'venezuela, bolivarian republic of': 'VE',
};

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const BY_NAME: ReadonlyMap<string, string> = (() => {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => `${first}${second}`));
  const known = codes.flatMap((code) => {
    // CLDR also names withdrawn codes, and codes of its own from the user-assigned ranges.
    const name = /^(?:AA|Q[M-Z]|X[A-JL-Z]|ZZ|EU|EZ|UN)$/.test(code) && code !== 'QA' ? undefined : names.of(code);
    return name === undefined || new Intl.Locale(`und-${code}`).region !== code ? [] : [[fold(name), code] as const];
  });
  return new Map([...known, ...Object.entries(OTHER_NAMES)]);
})();
const CODES = new Set(BY_NAME.values());

/** `KR` for "KR", "kr", "South Korea", "Korea, Republic of". Null: no country that we know. */
export function countryCode(text: string): string | null {
  const code = text.trim().toUpperCase();
  if (/^[A-Z]{2}$/.test(code) && CODES.has(code)) return code;
  return BY_NAME.get(fold(text)) ?? null;
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').replaceAll('’', "'").trim();
}
