// Okta's Slack app: whoever is deactivated in Okta is deactivated in Slack too, as SCIM provisioning does. Not linked, or switched off, it does nothing.
import type { Okta } from './operation.ts';
import type { User } from './org.ts';

export interface SlackApp {
  /** Control address of the Slack simulator. */
  readonly url: string;
  /** False: what happens meanwhile is not made up for later. */
  deactivates: boolean;
  /** Events of the log that it has seen. */
  seen: number;
  /** One after the other. */
  working: Promise<void>;
}

const EVENT = 'user.lifecycle.deactivate';

/** After whatever may have written to the log; resolves once Slack has it. */
export function provisionSlack(okta: Okta): Promise<void> {
  const app = okta.slackApp;
  if (!app) return Promise.resolve();
  const fresh = okta.org.log.slice(app.seen).filter((event) => event.eventType === EVENT);
  app.seen = okta.org.log.length;
  if (!app.deactivates) return app.working;
  for (const event of fresh) {
    const user = okta.org.users.get(event.target[0]?.id ?? '');
    if (user) deactivateInSlack(okta, user);
  }
  return app.working;
}

export function deactivateInSlack({ slackApp: app }: Okta, { profile }: Pick<User, 'profile'>): void {
  const email = profile.email ?? profile.login;
  if (app?.deactivates && email) app.working = app.working.then(() => deactivate(app.url, email));
}

async function deactivate(url: string, email: string): Promise<void> {
  await fetch(`${url}/command/deprovision`, { method: 'POST', body: JSON.stringify({ email }) }).catch(() => undefined);
}
