// Google Workspace through googleapis, by a service account with domain-wide delegation. Knows nothing of offboarding.
import { accessOf } from './access.ts';
import { accountsOf } from './accounts.ts';
import { createCaller, type GoogleSettings } from './caller.ts';
import { countsOf } from './counts.ts';
import { licencesOf } from './licences.ts';
import { mailboxOf } from './mailbox.ts';
import { transfersOf } from './transfers.ts';

export type Google = ReturnType<typeof connectGoogle>;

/** Every verb is one request (a list: one a page) and throws ConnectorError. */
export function connectGoogle(settings: GoogleSettings) {
  const caller = createCaller(settings);
  return {
    accounts: accountsOf(caller, settings.adminEmail),
    /** Whether an address is that of the admin in whose name Sendoff acts. */
    isOwnAddress: (address: string): boolean => address.toLowerCase() === settings.adminEmail.toLowerCase(),
    access: accessOf(caller),
    mailbox: mailboxOf(caller),
    transfers: transfersOf(caller),
    licences: licencesOf(caller),
    counts: countsOf(caller),
  };
}
