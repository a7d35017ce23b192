// Reads devices that an operator typed, a line each: what it is, and the serial number that stands on it. Never corrects, never guesses.
import { KINDS, MOST_TYPED } from '../../blocks/modal-return.ts';
import type { TypedDevice } from '../../workflow/model/device-return.ts';

/** Characters of a serial number as makers print them; no blanks, nothing that is markup. */
const SERIAL = /^[A-Za-z0-9][A-Za-z0-9./_-]{2,39}$/;

export type TypedDevices =
  | { readonly devices: readonly TypedDevice[] }
  | { readonly why: 'line' | 'twice' | 'many'; readonly line: string };

/** `monitor CN0AB12345`; the kind may also stand last. Serial numbers are compared, and kept, in capitals. */
export function readTypedDevices(text: string): TypedDevices {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length > MOST_TYPED) return { why: 'many', line: '' };
  const devices: TypedDevice[] = [];
  for (const line of lines) {
    const device = readLine(line);
    if (device === null) return { why: 'line', line };
    if (devices.some(({ serial }) => serial === device.serial)) return { why: 'twice', line: device.serial };
    devices.push(device);
  }
  return { devices };
}

function readLine(line: string): TypedDevice | null {
  const words = line.split(/[ \t]+/);
  const isKind = (word: string): boolean => KINDS.some((kind) => kind === word.toLowerCase());
  const [kinds, others] = [words.filter(isKind), words.filter((word) => !isKind(word))];
  const kind = KINDS.find((one) => one === kinds[0]?.toLowerCase());
  const [serial = ''] = others;
  if (kind === undefined || kinds.length !== 1 || others.length !== 1 || !SERIAL.test(serial)) return null;
  return { kind, serial: serial.toUpperCase() };
}
