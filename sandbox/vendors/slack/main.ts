// The simulated Slack as a program of its own.
import { runProgram } from '../program.ts';
import { startSlackSimulator } from './server.ts';

await runProgram({
  vendor: 'slack',
  options: { 'events-url': 'where the app listens; may be given later with the command connect' },
  start: (ports, { 'events-url': eventsUrl }) => startSlackSimulator({ ...ports, ...(eventsUrl ? { eventsUrl } : {}) }),
  settings: (slack) => slack.settings,
});
