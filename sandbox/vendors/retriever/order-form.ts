// What Retriever takes for an order. Stricter than Django REST Framework, which passes over fields it does not know.
import type { FieldErrors } from './errors.ts';
import type { Sent } from './orders.ts';

type Json = Readonly<Record<string, unknown>>;

const FLAGS = ['request_charger', 'request_cell_phone', 'request_disposal', 'request_for_warehouse'];
const TEXTS = ['device', 'serial_number', 'ticket_id', 'note_1', 'note_2'];
const EMPLOYEE = ['email', 'name', 'address_line_1', 'address_line_2', 'address_city', 'address_state', 'address_zip'];
const COMPANY = [
  ...['return_recipient_name', 'return_address_company', 'return_address_line_1', 'return_address_line_2'],
  ...['return_address_city', 'return_address_state', 'return_address_zip', 'display_name', 'notification_email'],
];
const DEVICES = ['laptop', 'monitor', 'cell_phone'];
const LONGEST = 200;

/** Where boxes go, with what a postal code looks like there. Canada: laptops and phones only. */
const COUNTRIES: Readonly<Record<string, { readonly zip: RegExp; readonly devices: readonly string[] }>> = {
  'United States': { zip: /^\d{5}(-\d{4})?$/, devices: DEVICES },
  Canada: { zip: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i, devices: ['laptop', 'cell_phone'] },
};

/** The order, or what is wrong with it, by field. */
export function readOrder(body: unknown): { readonly sent: Sent } | { readonly errors: FieldErrors } {
  if (!isObject(body)) return { errors: { non_field_errors: ['Invalid data. Expected a dictionary.'] } };
  const errors: FieldErrors = {};
  const known = [...FLAGS, ...TEXTS, 'employee_info', 'company_info'];
  for (const name of Object.keys(body)) if (!known.includes(name)) errors[name] = ['Unknown field.'];
  for (const name of FLAGS)
    if (name in body && typeof body[name] !== 'boolean') errors[name] = ['Must be a valid boolean.'];
  if (!('request_charger' in body)) errors.request_charger = ['This field is required.'];
  for (const name of TEXTS) checkText(errors, name, body[name], name === 'device');
  if (typeof body.device === 'string' && !DEVICES.includes(body.device))
    errors.device = [`"${body.device}" is not a valid choice.`];

  const employee = checkPart(body.employee_info, [...EMPLOYEE, 'address_country'], ['name', 'address_line_1']);
  const required = ['return_recipient_name', 'return_address_line_1', 'display_name'];
  const company = checkPart(body.company_info, COMPANY, required);
  if (isObject(body.employee_info)) checkPlace(employee, body.employee_info, String(body.device));
  if (Object.keys(employee).length > 0) errors.employee_info = employee;
  if (Object.keys(company).length > 0) errors.company_info = company;
  if (Object.keys(errors).length > 0) return { errors };

  const text = (name: string): string | null => (typeof body[name] === 'string' ? (body[name] as string) : null);
  return {
    sent: {
      device: String(body.device),
      serial_number: text('serial_number'),
      ticket_id: text('ticket_id'),
      note_1: text('note_1'),
      note_2: text('note_2'),
      request_charger: body.request_charger === true,
      request_cell_phone: body.request_cell_phone === true,
      employee_info: body.employee_info as Record<string, string>,
      company_info: body.company_info as Record<string, string>,
    },
  };
}

/** Its words repeat what was sent, as such validators do: whoever logs them logs an address. */
function checkPlace(errors: FieldErrors, employee: Json, device: string): void {
  const country = String(employee.address_country ?? '');
  const served = Object.hasOwn(COUNTRIES, country) ? COUNTRIES[country] : undefined;
  if (!served) {
    errors.address_country = [`"${country}" is not served.`];
    return;
  }
  if (DEVICES.includes(device) && !served.devices.includes(device))
    errors.address_country = [`A ${device} is not collected in ${country}.`];
  for (const name of ['address_city', 'address_state', 'address_zip', 'email'])
    if (!employee[name]) errors[name] = ['This field may not be blank.'];
  for (const name of ['address_line_1', 'address_line_2']) {
    const line = String(employee[name] ?? '');
    if (/\bp\.?\s*o\.?\s*box\b/i.test(line))
      errors[name] = [`"${line}" is a PO box: boxes go to street addresses only.`];
  }
  const zip = String(employee.address_zip ?? '');
  if (zip && !served.zip.test(zip)) errors.address_zip = [`"${zip}" is not a postal code of ${country}.`];
}

function checkPart(part: unknown, known: readonly string[], required: readonly string[]): FieldErrors {
  const errors: FieldErrors = {};
  if (!isObject(part)) return { non_field_errors: ['This field is required.'] };
  for (const name of Object.keys(part)) if (!known.includes(name)) errors[name] = ['Unknown field.'];
  for (const name of known) checkText(errors, name, part[name], required.includes(name));
  return errors;
}

function checkText(errors: FieldErrors, name: string, value: unknown, isRequired: boolean): void {
  if (value === undefined) {
    if (isRequired) errors[name] = ['This field is required.'];
  } else if (typeof value !== 'string') errors[name] = ['Not a valid string.'];
  else if (isRequired && value.trim() === '') errors[name] = ['This field may not be blank.'];
  else if (value.length > LONGEST) errors[name] = [`Ensure this field has no more than ${LONGEST} characters.`];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
