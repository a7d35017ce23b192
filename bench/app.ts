// The production app as the bench runs it: Slack's published pace, until between two measurements the channel may catch up.
// Usage: node bench/app.ts --follow-stdin
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepHeapSmall } from '../src/app/heap.ts';

keepHeapSmall(); // as in src/app/main.ts
const { startApp } = await import('../src/app/compose.ts');
const { readConfig } = await import('../src/app/config.ts');
const { createLog } = await import('../src/app/log.ts');
const { createSlackPace } = await import('../src/reporters/slack-pace.ts');

const published = createSlackPace();
let lifted = Promise.withResolvers<void>();
const app = await startApp({
  config: readConfig(),
  clock: { now: () => new Date() },
  log: createLog({ write: (line) => void process.stderr.write(line) }),
  slackPace: {
    wait: (kind) => Promise.race([published.wait(kind), lifted.promise]),
    slowDown: (kind, ms) => published.slowDown(kind, ms),
  },
});
/** POST /catch-up {on} */
const control = http.createServer(async (request, response) => {
  let raw = '';
  for await (const chunk of request) raw += String(chunk);
  if ((JSON.parse(raw) as { on: boolean }).on) lifted.resolve();
  else lifted = Promise.withResolvers<void>();
  response.end('{}');
});
await new Promise<void>((done) => control.listen(0, '127.0.0.1', done));
const end = (): void => void app.stop().finally(() => process.exit(0));
process.once('SIGTERM', end);
process.stdin.once('end', end).resume();
const controlUrl = `http://127.0.0.1:${(control.address() as AddressInfo).port}`;
process.stdout.write(`${JSON.stringify({ eventsUrl: app.eventsUrl, controlUrl })}\n`);
