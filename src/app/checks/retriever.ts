// Retriever, checked: the key, by reading one page of orders (one of the day's 500 reads), and the clock. Ordering is never tried: it is paid for.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import { connectRetriever } from '../../connectors/retriever/client.ts';
import type { Clock } from '../../workflow/model/ports.ts';
import type { Config } from '../config.ts';
import { asRefusal, clockFinding, dateOf, ok, problem, warning } from './finding.ts';

export async function checkRetriever(
  config: NonNullable<Config['retriever']>,
  clock: Clock,
): Promise<readonly Finding[]> {
  let date: Date | null = null;
  const retriever = connectRetriever({
    ...config,
    deadlineMs: CHECK_DEADLINE_MS,
    pace: async () => undefined,
    onHeaders: (headers) => {
      date = dateOf(headers);
    },
  });
  const page = await retriever.listReturns().catch((error: unknown) => asRefusal(error));
  if (page instanceof ConnectorError) return [refusalFinding(page)];
  return [ok('key reads orders'), { level: 'unproved', says: 'orders boxes' }, clockFinding('Retriever', date, clock)];
}

function refusalFinding(refused: ConnectorError): Finding {
  if (refused.kind === 'unauthorized')
    return problem(`key refused (${refused.reason})`, 'Create a new key in Retriever’s portal, set RETRIEVER_API_KEY');
  if (refused.kind === 'rate_limited')
    return warning(
      'its published limit of reads (60 a minute, 500 a day) is used up',
      'Ask what else reads with this key; Sendoff goes on by itself when Retriever allows',
    );
  if (refused.status !== null && refused.status >= 300 && refused.status < 500)
    return problem(`is not Retriever’s API (${refused.reason})`, 'Set RETRIEVER_URL to https://app.helloretriever.com');
  return problem(`no answer (${refused.reason})`, 'Check RETRIEVER_URL and the network');
}
