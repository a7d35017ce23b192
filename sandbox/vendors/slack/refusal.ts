// The simulator's way to say no as Slack does: an error code, and what goes beside it in the answer.
import { describe, errorsOf } from './block-kit-lint.ts';
import type { Problem } from './block-kit-schema.ts';

export class Refusal extends Error {
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    extra: Readonly<Record<string, unknown>> = {},
    http: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(code);
    this.code = code;
    this.extra = extra;
    this.httpStatus = http.status ?? 200;
    this.headers = http.headers ?? {};
  }
}

/** `invalid_arguments` with Slack's explanation. */
export function invalidArguments(...messages: readonly string[]): Refusal {
  return new Refusal('invalid_arguments', { response_metadata: { messages: messages.map((one) => `[ERROR] ${one}`) } });
}

/** Throws `code` if Slack would refuse; advice is let through. */
export function refuseProblems(code: string, problems: readonly Problem[]): void {
  const errors = errorsOf(problems);
  if (errors.length === 0) return;
  throw new Refusal(code, {
    errors: errors.map((one) => `${one.message} [json-pointer:${one.pointer}]`),
    response_metadata: { messages: errors.map(describe) },
  });
}
