// Runs the BambooHR simulator as a program of its own: prints one JSON line with its addresses and settings, then stays.
import { parseArgs } from 'node:util';
import { startBambooHrSimulator } from './server.ts';

const HELP = `usage: node sandbox/vendors/bamboohr/main.ts [--port N] [--control-port N] [--follow-stdin]

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
  const bamboohr = await startBambooHrSimulator({
    port: Number(values.port ?? 0),
    controlPort: Number(values['control-port'] ?? 0),
  });
  const settings = { BAMBOOHR_URL: bamboohr.url, BAMBOOHR_API_KEY: bamboohr.apiKey };
  console.log(JSON.stringify({ vendor: 'bamboohr', url: bamboohr.url, controlUrl: bamboohr.controlUrl, settings }));
  const stop = (): void => void bamboohr.close().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  if (values['follow-stdin']) process.stdin.once('end', stop).once('close', stop).resume();
}
