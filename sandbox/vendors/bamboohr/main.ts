// The BambooHR simulator as a program of its own.
import { runProgram } from '../program.ts';
import { startBambooHrSimulator } from './server.ts';

await runProgram({
  vendor: 'bamboohr',
  start: startBambooHrSimulator,
  settings: (bamboohr) => ({
    BAMBOOHR_URL: bamboohr.url,
    BAMBOOHR_API_KEY: bamboohr.apiKey,
    BAMBOOHR_WEBHOOK_KEY: bamboohr.webhookKey,
  }),
});
