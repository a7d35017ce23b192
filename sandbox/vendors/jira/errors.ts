// Jira's one shape of refusal, `{errorMessages, errors}`; knows no state.
import type { Reply } from '../simulator.ts';

/** About the whole request. */
export function refuse(status: number, ...errorMessages: string[]): Reply {
  return { status, body: { errorMessages, errors: {} } };
}

/** About single fields: Jira leaves `errorMessages` empty then. */
export function refuseFields(errors: Readonly<Record<string, string>>): Reply {
  return { status: 400, body: { errorMessages: [], errors } };
}

/** Jira does not tell "not there" from "not yours to see". */
export function issueNotFound(): Reply {
  return refuse(404, 'Issue does not exist or you do not have permission to see it.');
}

export function projectNotFound(asked: string, status = 404): Reply {
  return refuse(status, `No project could be found with key '${asked}'.`);
}

export function unauthenticated(): Reply {
  return refuse(401, 'Client must be authenticated to access this resource.');
}

/** For faults. */
export function errorOf(status: number): Reply {
  const words: Readonly<Record<number, string>> = {
    400: 'The request is not valid.',
    401: 'Client must be authenticated to access this resource.',
    403: 'You do not have permission to perform this operation.',
    404: 'Issue does not exist or you do not have permission to see it.',
    409: 'The request conflicts with another update of this issue.',
    413: 'The request is too large.',
    422: 'A configuration problem prevents this operation.',
    429: 'Rate limit exceeded.',
  };
  return refuse(status, words[status] ?? 'Internal server error');
}
