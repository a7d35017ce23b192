// The EasyPost simulator as a program of its own.
import { runProgram } from '../program.ts';
import { startEasyPostSimulator } from './server.ts';

await runProgram({
  vendor: 'easypost',
  start: startEasyPostSimulator,
  settings: (easypost) => ({
    EASYPOST_URL: easypost.url,
    EASYPOST_API_KEY: easypost.apiKey,
    EASYPOST_WEBHOOK_SECRET: easypost.webhookSecret,
  }),
});
