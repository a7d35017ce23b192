// The Okta simulator as a program of its own.
import { runProgram } from '../program.ts';
import { startOktaSimulator } from './server.ts';

await runProgram({
  vendor: 'okta',
  start: startOktaSimulator,
  settings: (okta) => ({
    OKTA_ORG_URL: okta.url,
    OKTA_CLIENT_ID: okta.clientId,
    OKTA_PRIVATE_KEY: okta.privateKey,
    OKTA_API_TOKEN: okta.apiToken,
    OKTA_EVENT_HOOK_SECRET: okta.hookSecret,
  }),
});
