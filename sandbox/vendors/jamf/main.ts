// The Jamf Pro simulator as a program of its own.
import { runProgram } from '../program.ts';
import { startJamfSimulator } from './server.ts';

await runProgram({
  vendor: 'jamf',
  start: startJamfSimulator,
  settings: (jamf) => ({
    JAMF_URL: jamf.url,
    JAMF_CLIENT_ID: jamf.clientId,
    JAMF_CLIENT_SECRET: jamf.clientSecret,
  }),
});
