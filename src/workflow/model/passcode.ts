// What a locked Mac asks for: six digits, even over all that nobody would guess first. Pure.

/** Of a Mac’s lock: DEVICE_LOCK takes exactly six. Jamf Pro’s OpenAPI document 11.30.1, read 2026-11. */
const DIGITS = 6;
const ALL = 10 ** DIGITS;

/** `draw`: a uniform whole number, 0 ≤ n < below, from a cryptographic source. */
export function newPasscode(draw: (below: number) => number): string {
  for (;;) {
    const passcode = String(draw(ALL)).padStart(DIGITS, '0');
    if (!isWeak(passcode)) return passcode;
  }
}

/** Tried first by anybody: one digit, a run, a pattern twice or three times, a mirror, a year or a date of two pairs. */
export function isWeak(passcode: string): boolean {
  const digits = [...passcode].map(Number);
  const steps = new Set(digits.slice(1).map((digit, at) => (digit - (digits[at] ?? 0) + 10) % 10));
  const isRun = steps.size === 1 && [0, 1, 9].includes([...steps][0] ?? -1);
  const isPattern = /^(\d{2})\1\1$|^(\d{3})\2$/.test(passcode) || /^(\d)\1(\d)\2(\d)\3$/.test(passcode);
  const isMirror = passcode === [...passcode].reverse().join('');
  const isYear = /^(?:19|20)\d{4}$|^\d{2}(?:19|20)\d{2}$/.test(passcode);
  return new Set(digits).size < 3 || isRun || isPattern || isMirror || isYear;
}
