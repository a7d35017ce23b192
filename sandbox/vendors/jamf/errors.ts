// Jamf Pro's shapes of refusal: the API's list of errors, and the token address's OAuth error; knows no state.
import type { Reply } from '../simulator.ts';

interface Fault {
  readonly code: string;
  readonly description: string;
  readonly field?: string;
  readonly id?: string;
}

export function refuse(status: number, fault?: Fault): Reply {
  const { code, description, field = '', id = '0' } = fault ?? { code: '', description: '' };
  return {
    status,
    body: {
      httpStatus: status,
      traceId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
      errors: fault ? [{ code, field, description, id }] : [],
    },
  };
}

export function notFound(what: string, id: string): Reply {
  return refuse(404, { code: 'INVALID_ID', field: 'id', description: `${what} with the id ${id} does not exist`, id });
}

export function invalid(field: string, description: string): Reply {
  return refuse(400, { code: 'INVALID_FIELD', field, description });
}

export function missingPrivilege(): Reply {
  return refuse(403, {
    code: 'INVALID_PRIVILEGE',
    description: 'Forbidden: the privileges of the API role do not suffice',
  });
}

export function unauthenticated(): Reply {
  return refuse(401, { code: 'INVALID_TOKEN', description: 'Unauthorized' });
}

/** The token address speaks OAuth (RFC 6749 section 5.2). */
export function refuseToken(status: number, error: string): Reply {
  return { status, body: { error } };
}

/** What belongs to a bare HTTP status, for faults. */
export function errorOf(status: number, retryAfterSeconds?: number): Reply {
  const reply = SHAPES[status]?.() ?? refuse(status);
  return retryAfterSeconds === undefined ? reply : { ...reply, headers: { 'retry-after': String(retryAfterSeconds) } };
}

const SHAPES: Readonly<Record<number, () => Reply>> = { 401: unauthenticated, 403: missingPrivilege };
