// Words that the checks share: how a finding is made, and how two clocks are compared.
import type { Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import type { Clock } from '../../workflow/model/ports.ts';

/** Slack refuses requests that are 5 minutes off, Okta proofs likewise; a clock that is a minute off is broken already. */
const MOST_SKEW_MS = 60_000;

export const ok = (says: string): Finding => ({ level: 'ok', says });
export const problem = (says: string, fix: string): Finding => ({ level: 'problem', says, fix });

export const warning = (says: string, fix?: string): Finding => ({
  level: 'warning',
  says,
  ...(fix === undefined ? {} : { fix }),
});

/** The time that an answer's Date tells; null: none. */
export function dateOf(headers: Headers): Date | null {
  const told = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(told) ? null : new Date(told);
}

export function clockFinding(whose: string, date: Date | null, clock: Clock): Finding {
  if (date === null) return { level: 'warning', says: `clock: ${whose} did not say the time` };
  const skewMs = clock.now().getTime() - date.getTime();
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return ok('clock agrees');
  return problem(
    `this machine’s clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} ${whose}’s`,
    'Switch on time synchronisation (NTP): signed requests and tokens are refused when clocks differ',
  );
}

export function asRefusal(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  throw error;
}
