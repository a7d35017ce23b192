// Holds exchanges with the Google simulator against Google's published specs: one for each API of which we have a copy.
import { type Exchange, loadSpec, type PublishedSpec } from './published-spec.ts';

/** Of Drive and licences we have none. */
const SPECS = [
  { prefix: '/admin/directory', strip: '', spec: loadSpec('google-admin-directory_v1.openapi.json') },
  { prefix: '/admin/datatransfer', strip: '', spec: loadSpec('google-admin-datatransfer_v1.openapi.json') },
  { prefix: '/gmail', strip: '', spec: loadSpec('google-gmail-v1.openapi.json') },
  { prefix: '/calendar', strip: '/calendar/v3', spec: loadSpec('google-calendar-v3.openapi.json') },
];

export const HAS_SPECS = SPECS.every((one) => one.spec !== null);
if (!HAS_SPECS) {
  console.warn('google-simulator: not all published specs (SENDOFF_VENDOR_SPECS), answers are not held against them');
}

/** The published method id of what this simulator has at a path; null: none; undefined: of an API without a spec. */
export function publishedIdOf(method: string, path: string): string | null | undefined {
  const found = specFor({ method, path: path.replaceAll(/\{\w+\}/g, 'x'), status: 200 });
  return found?.spec.operationIdOf(found.exchange);
}

function specFor(exchange: Exchange): { spec: PublishedSpec; exchange: Exchange } | null {
  const found = SPECS.find((one) => exchange.path.startsWith(one.prefix));
  if (!found?.spec) return null;
  return { spec: found.spec, exchange: { ...exchange, path: exchange.path.slice(found.strip.length) } };
}

/** The specs name a 200 only, without a body where Google sends 204, and no refusal at all: those have one shape of their own. */
export function problemsOf(original: Exchange): string[] {
  const found = specFor(original);
  if (!found) return [];
  const { spec, exchange } = found;
  if (exchange.status >= 400) {
    const { error } = exchange.responseBody as { error: { code: number; message: string; errors: object[] } };
    const isShaped =
      error.code === exchange.status &&
      typeof error.message === 'string' &&
      error.errors.every((one) => ['message', 'domain', 'reason'].every((name) => name in one));
    const where = `${exchange.method} ${original.path} (${exchange.status})`;
    return [
      ...(isShaped ? [] : [`${where}: shape`]),
      ...(spec.operationIdOf(exchange) === null ? [`${where}: path`] : []),
    ];
  }
  return spec.validateExchange(exchange.status === 204 ? { ...exchange, status: 200 } : exchange);
}
