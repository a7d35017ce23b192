import { describe, expect, it } from 'vitest';
import { realCredentials, secretSettings } from '../../sandbox/page/real-credentials.ts';

describe('real credentials near the sandbox', () => {
  it('are looked for under every name that .env.example has for a secret', () => {
    expect([...secretSettings()].sort()).toEqual([
      'BAMBOOHR_API_KEY',
      'BAMBOOHR_WEBHOOK_KEY',
      'DATABASE_URL',
      'EASYPOST_API_KEY',
      'EASYPOST_WEBHOOK_SECRET',
      'GOOGLE_SERVICE_ACCOUNT_KEY',
      'JAMF_CLIENT_SECRET',
      'JIRA_API_TOKEN',
      'OKTA_API_TOKEN',
      'OKTA_EVENT_HOOK_SECRET',
      'OKTA_PRIVATE_KEY',
      'RETRIEVER_API_KEY',
      'SENDOFF_SECRET_KEYS',
      'SLACK_APP_TOKEN',
      'SLACK_BOT_TOKEN',
      'SLACK_SIGNING_SECRET',
      'SNIPEIT_API_TOKEN',
    ]);
  });

  it('keep it from starting, and are named but never shown', () => {
    const words = realCredentials({ OKTA_API_TOKEN: '00aVerySecretToken', JIRA_API_TOKEN: '', HOME: '/home/lin' });
    expect(words).toContain('OKTA_API_TOKEN is set');
    expect(words).toContain('env -u OKTA_API_TOKEN npm run sandbox');
    expect(words).not.toMatch(/VerySecret|JIRA/);
  });

  it('are not what any terminal holds', () => {
    expect(realCredentials({ HOME: '/home/lin', PATH: '/bin', PORT: '3000', OKTA_API_TOKEN: '' })).toBeNull();
  });
});
