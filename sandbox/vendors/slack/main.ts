// Runs the simulated Slack as a program of its own: prints one JSON line, then serves until it is told to stop.
// Usage: node sandbox/vendors/slack/main.ts [--port N] [--control-port N] [--events-url URL] [--follow-stdin]
import { parseArgs } from 'node:util';
import { startSlackSimulator } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    'events-url': { type: 'string' },
    'follow-stdin': { type: 'boolean', default: false },
  },
});

const slack = await startSlackSimulator({
  port: Number(values.port),
  controlPort: Number(values['control-port']),
  ...(values['events-url'] === undefined ? {} : { eventsUrl: values['events-url'] }),
});
console.log(
  JSON.stringify({ vendor: 'slack', url: slack.url, controlUrl: slack.controlUrl, settings: slack.settings }),
);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await slack.close();
  process.exit(0);
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (values['follow-stdin']) process.stdin.resume().on('close', stop).on('end', stop);
