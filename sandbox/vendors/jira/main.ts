// The Jira simulator as a program of its own.
import { runProgram } from '../program.ts';
import { startJiraSimulator } from './server.ts';

await runProgram({
  vendor: 'jira',
  options: { 'index-delay-ms': 'how long a change takes until searches see it; 0 if absent' },
  start: (ports, given) => startJiraSimulator({ ...ports, indexDelayMs: Number(given['index-delay-ms'] ?? 0) }),
  settings: (jira) => ({
    JIRA_URL: jira.url,
    JIRA_EMAIL: jira.email,
    JIRA_API_TOKEN: jira.apiToken,
    JIRA_PROJECT: jira.project,
  }),
});
