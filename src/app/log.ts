// Structured logs without secrets or addresses: what looks like one is replaced, wherever it stands.
import pino from 'pino';
import type { ConnectorError } from '../connectors/connector-error.ts';

export type Log = pino.Logger;

const REDACTED = '[redacted]';
/** Tokens, keys, signed addresses and e-mail addresses, also inside longer texts. */
const SECRETS = [
  /\bx(?:ox[a-z]|app)-[\w-]+/g,
  /\bSSWS\s+\S+/g,
  /\b(?:Bearer|DPoP)\s+[\w.~+/-]+=*/g,
  /postgres(?:ql)?:\/\/[^\s"']+/g,
  /-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g,
  /\\*"d\\*"\s*:\s*\\*"[\w-]+/g, // a JWK's private part, also escaped inside another text
  /https:\/\/hooks\.slack\.com\/\S+/g,
  /\bwss?:\/\/[^\s"']+/g, // a socket's address carries its ticket
  /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
];

export function redact(text: string): string {
  return SECRETS.reduce((cleaned, pattern) => cleaned.replace(pattern, REDACTED), text);
}

export function createLog(options: { level?: string; write?: (line: string) => void } = {}): Log {
  const out = options.write ?? ((line: string) => void process.stdout.write(line));
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
    },
    // The whole line is cleaned: a field that nobody thought of is cleaned too.
    { write: (line) => out(redact(line)) },
  );
}

/** Causes of ConnectorErrors stay out: an SDK's error may carry the request with its headers. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const base = { type: error.name, message: error.message };
  return isConnectorError(error)
    ? { ...base, kind: error.kind, status: error.status }
    : { ...base, stack: error.stack };
}

function isConnectorError(error: Error): error is ConnectorError {
  return error.name === 'ConnectorError';
}
