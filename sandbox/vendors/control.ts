// The control address beside every simulated vendor: tests read its journal and state there, plan faults and give commands.
import type http from 'node:http';
import { isFault } from './faults.ts';
import type { Call } from './journal.ts';
import type { Frame } from './simulator.ts';

/** Control: GET /journal, /state, /held, /await; POST /faults, /release, /command/<name>; DELETE /journal, /faults. */
export async function serveControl(
  frame: Frame,
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const raw = await readAll(incoming);
  const url = new URL(incoming.url ?? '/', 'http://control');
  const body = raw === '' ? {} : (JSON.parse(raw) as Record<string, unknown>);
  const answer = (value: unknown, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value ?? null));
  };
  const at = `${incoming.method} ${url.pathname}`;
  if (at === 'GET /journal') return answer(frame.journal.calls);
  if (at === 'DELETE /journal') return answer(frame.journal.clear());
  if (at === 'GET /state') return answer(frame.vendor.state());
  if (at === 'POST /faults')
    return isFault(body)
      ? answer(frame.faults.add(body))
      : answer({ error: 'a fault has a kind and an operation' }, 400);
  if (at === 'DELETE /faults') return answer(frame.faults.clear());
  if (at === 'GET /held') return answer(frame.faults.held());
  if (at === 'POST /release') {
    return answer(frame.faults.release(body.seq === undefined ? undefined : Number(body.seq), body.discard === true));
  }
  if (at === 'GET /await') {
    const found = await frame.journal.waitFor({
      operation: url.searchParams.get('operation') ?? '*',
      state: (url.searchParams.get('state') ?? 'answered') as Call['state'],
      count: Number(url.searchParams.get('count') ?? 1),
      afterSeq: Number(url.searchParams.get('afterSeq') ?? 0),
      timeoutMs: Number(url.searchParams.get('timeoutMs') ?? 10_000),
    });
    return answer(found ?? { error: 'timeout' }, found ? 200 : 504);
  }
  if (incoming.method === 'POST' && url.pathname.startsWith('/command/') && frame.vendor.command) {
    const result = await frame.vendor.command(url.pathname.slice('/command/'.length), body);
    return result === undefined ? answer({ error: 'unknown command' }, 404) : answer(result);
  }
  answer({ error: `no control address ${at}` }, 404);
}

export async function readAll(incoming: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
