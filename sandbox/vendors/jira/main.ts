// Runs the Jira simulator as a program of its own: prints one JSON line with its addresses and settings, then stays.
import { parseArgs } from 'node:util';
import { startJiraSimulator } from './server.ts';

const HELP = `usage: node sandbox/vendors/jira/main.ts [--port N] [--control-port N] [--index-delay-ms N] [--follow-stdin]

  --port            port of the API; a free one if absent
  --control-port    port of the control address; a free one if absent
  --index-delay-ms  how long a change takes until searches see it; 0 if absent
  --follow-stdin    end when standard input closes, so that no simulator outlives its parent`;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'control-port': { type: 'string' },
    'index-delay-ms': { type: 'string' },
    'follow-stdin': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await run();

async function run(): Promise<void> {
  const jira = await startJiraSimulator({
    port: Number(values.port ?? 0),
    controlPort: Number(values['control-port'] ?? 0),
    indexDelayMs: Number(values['index-delay-ms'] ?? 0),
  });
  const settings = {
    JIRA_URL: jira.url,
    JIRA_EMAIL: jira.email,
    JIRA_API_TOKEN: jira.apiToken,
    JIRA_PROJECT: jira.project,
  };
  console.log(JSON.stringify({ vendor: 'jira', url: jira.url, controlUrl: jira.controlUrl, settings }));
  const stop = (): void => void jira.close().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  if (values['follow-stdin']) process.stdin.once('end', stop).once('close', stop).resume();
}
