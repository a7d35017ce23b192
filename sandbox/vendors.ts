// `npm run vendors`: the simulators alone, each a process of its own. Prints one JSON line and stays until told to stop.
import { parseArgs } from 'node:util';
import { startVendors } from './vendor-processes.ts';

const HELP = `usage: npm run -s vendors -- [--events-url URL] [--follow-stdin]

Starts the simulated Slack, Okta, Jira, BambooHR, Google, Retriever, EasyPost, Jamf and Snipe-IT on loopback and prints one JSON line:
{settings, control}. Put the settings into the environment of an app to point it at them. Each control address answers GET /journal, /state, /held, /await and takes
POST /faults, /release, /command/<name> and DELETE /journal, /faults. Ends at SIGINT or SIGTERM.

  --events-url    where Slack sends commands and clicks; http://127.0.0.1:3000/slack/events if absent
  --follow-stdin  end when standard input closes, so that no simulator outlives its parent`;

const { values } = parseArgs({
  options: {
    'events-url': { type: 'string', default: 'http://127.0.0.1:3000/slack/events' },
    'follow-stdin': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await run(values['events-url'], values['follow-stdin']);

async function run(eventsUrl: string, followStdin: boolean): Promise<void> {
  const starting = startVendors({ eventsUrl });
  let isStopping = false;
  const stop = (): void => {
    isStopping = true;
    // What is only starting is stopped as soon as it has started.
    void starting.then((vendors) => vendors.stop()).finally(() => process.exit(0));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  if (followStdin) process.stdin.once('end', stop).once('close', stop).resume();

  const vendors = await starting;
  process.stdout.write(`${JSON.stringify({ settings: vendors.settings, control: vendors.control })}\n`);
  const ended = await vendors.ended;
  if (isStopping) return;
  process.stderr.write(`the ${ended} simulator ended without being asked; the others are stopped\n`);
  await vendors.stop();
  process.exit(1);
}
