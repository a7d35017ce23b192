// How a call reaches Jamf Pro: at most five at once, with a token that is good, one request, and what its refusals mean. Knows no operation.
import type { z } from 'zod';
import { atMost } from '../at-most.ts';
import { ConnectorError } from '../connector-error.ts';
import { bearer, connectHttp, type HttpAnswer, type HttpCall } from '../http.ts';
import type { OnCall } from '../watch-call.ts';
import { keepToken } from './token.ts';

export interface JamfSettings {
  /** `https://<tenant>.jamfcloud.com`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** One deadline for each request, in ms. */
  readonly deadlineMs: number;
  /** Waits before each request. */
  pace(): Promise<void>;
  /** Told of each call. */
  readonly onCall?: OnCall;
  /** Told of each answer's headers: its Date says Jamf's time. */
  onHeaders?(headers: Headers): void;
}

/** Jamf publishes no rate for its own hosts: ours is what five calls at once come to, at 400 ms each. */
export const JAMF_PACES = { jamf: { intervalMs: 80, burst: 20 } } as const;
/** @see https://developer.jamf.com/jamf-pro/docs/jamf-pro-api-scalability-best-practices, read 2026-11: "no more than five". */
const MOST_AT_ONCE = 5;

export type Send = <T>(call: HttpCall, schema: z.ZodType<T>) => Promise<T>;

export function callJamf(settings: JamfSettings): Send {
  const common = {
    ...(settings.onCall && { onCall: settings.onCall }),
    onHeaders: (headers: Headers) => settings.onHeaders?.(headers),
  };
  const token = keepToken({ ...settings, ...common });
  const turn = atMost(MOST_AT_ONCE);
  /** Tokens that Jamf has taken before: refused now, they ended early. One is enough, there is only one at a time. */
  let accepted: string | null = null;

  return async (call, schema) => {
    await settings.pace();
    return turn(async () => {
      const text = await token.get();
      const http = connectHttp({
        vendor: 'jamf',
        url: settings.url,
        authorization: () => bearer(text),
        deadlineMs: settings.deadlineMs,
        explain,
        ...common,
      });
      try {
        const answer = await http.send(call, schema);
        accepted = text;
        return answer;
      } catch (error) {
        if (!(error instanceof ConnectorError) || error.status !== 401) throw error;
        token.forget(text);
        throw accepted === text ? endedEarly(error) : error;
      }
    });
  };
}

/** A restart of Jamf ends tokens ahead of time. Nothing was applied, and another token will do: no question to a person. */
function endedEarly(cause: ConnectorError): ConnectorError {
  const { vendor, operation, status } = cause;
  return new ConnectorError({ kind: 'transient', vendor, operation, status, reason: 'its token ended early', cause });
}

/** Jamf repeats the value it refuses, and a passcode must stand nowhere: six digits alone are never a reason. */
function explain({ body }: HttpAnswer): { reason: string; code?: string } | null {
  const errors = (body as { errors?: unknown } | undefined)?.errors;
  const [first] = Array.isArray(errors) ? (errors as { code?: unknown; description?: unknown }[]) : [];
  const text = [first?.description, first?.code].find((one) => typeof one === 'string' && one !== '');
  if (typeof text !== 'string') return null;
  const code = typeof first?.code === 'string' && first.code !== '' ? { code: first.code } : {};
  return { reason: text.replaceAll(/(?<!\d)\d{6}(?!\d)/g, '(a passcode)'), ...code };
}
