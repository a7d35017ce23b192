// The control, a process of its own: walks the table of minimal calls through the same connectors, with nothing kept and
// nothing looked up. `bare` leaves the reads out. Usage: node bench/control.ts --follow-stdin
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectOkta } from '../src/connectors/okta/client.ts';
import { connectSlack } from '../src/connectors/slack/client.ts';
import { BARE_STEPS, MINIMAL_STEPS } from './minimal-calls.ts';
import { type Leaver, type Ports, walk } from './walk.ts';

const DEADLINE_MS = 30_000;

/** Connectors as the app makes them, without a pace: the bench lifts the app's. */
export function connectPorts(env: Readonly<Record<string, string | undefined>>): Ports {
  const of = (name: string): string => env[name] ?? '';
  return {
    okta: connectOkta({
      orgUrl: of('OKTA_ORG_URL'),
      credentials: { clientId: of('OKTA_CLIENT_ID'), privateKey: of('OKTA_PRIVATE_KEY') },
      deadlineMs: DEADLINE_MS,
      pace: async () => undefined,
    }),
    slack: connectSlack({ botToken: of('SLACK_BOT_TOKEN'), apiUrl: of('SLACK_API_URL'), deadlineMs: DEADLINE_MS }),
    operator: of('BENCH_OPERATOR'),
    channelId: of('SLACK_CHANNEL_ID'),
  };
}

/** POST /run {leavers, bare} answers when all are done: [[id, started at]]. */
export async function serveRuns(run: (leaver: Leaver, bare: boolean) => Promise<void>): Promise<void> {
  const server = http.createServer(async (request, response) => {
    let raw = '';
    for await (const chunk of request) raw += String(chunk);
    const { leavers, bare = false } = JSON.parse(raw) as { leavers: Leaver[]; bare?: boolean };
    const startedAt: [string, number][] = [];
    const runs = leavers.map((leaver) => {
      startedAt.push([leaver.id, Date.now()]);
      return run(leaver, bare);
    });
    const failed = (await Promise.allSettled(runs)).find((one) => one.status === 'rejected');
    response.writeHead(failed ? 500 : 200).end(JSON.stringify(failed ? String(failed.reason) : startedAt));
  });
  server.requestTimeout = 0;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.stdin.once('end', () => process.exit(0)).resume();
  process.once('SIGTERM', () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ url })}\n`);
}

if (import.meta.main) {
  const ports = connectPorts(process.env);
  await serveRuns((leaver, bare) => walk(bare ? BARE_STEPS : MINIMAL_STEPS, ports, leaver, (_name, send) => send()));
}
