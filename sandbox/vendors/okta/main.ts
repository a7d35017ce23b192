// Runs the Okta simulator as a program of its own: prints one JSON line with its addresses and settings, then stays.
import { parseArgs } from 'node:util';
import { startOktaSimulator } from './server.ts';

const HELP = `usage: node sandbox/vendors/okta/main.ts [--port N] [--control-port N] [--follow-stdin]

  --port          port of the API; a free one if absent
  --control-port  port of the control address; a free one if absent
  --follow-stdin  end when standard input closes, so that no simulator outlives its parent`;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'control-port': { type: 'string' },
    'follow-stdin': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await run();

async function run(): Promise<void> {
  const okta = await startOktaSimulator({
    port: Number(values.port ?? 0),
    controlPort: Number(values['control-port'] ?? 0),
  });
  const settings = {
    OKTA_ORG_URL: okta.url,
    OKTA_CLIENT_ID: okta.clientId,
    OKTA_PRIVATE_KEY: okta.privateKey,
    OKTA_API_TOKEN: okta.apiToken,
  };
  console.log(JSON.stringify({ vendor: 'okta', url: okta.url, controlUrl: okta.controlUrl, settings }));
  const stop = (): void => void okta.close().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  if (values['follow-stdin']) process.stdin.once('end', stop).once('close', stop).resume();
}
