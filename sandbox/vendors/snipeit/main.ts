// The Snipe-IT simulator as a program of its own.
import { runProgram } from '../program.ts';
import { startSnipeItSimulator } from './server.ts';

await runProgram({
  vendor: 'snipeit',
  start: startSnipeItSimulator,
  settings: (snipeit) => ({ SNIPEIT_URL: snipeit.url, SNIPEIT_API_TOKEN: snipeit.apiToken }),
});
