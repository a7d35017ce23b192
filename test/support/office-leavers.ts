// People made up for one test, with an Okta account and an HR record each.
import type { Office } from './office.ts';

export interface Leaver {
  readonly login: string;
  readonly oktaId: string;
  /** HR's id of the record. */
  readonly record: string;
}

/** `<prefix><n>@acme.test`, active in Okta and, where there is an HR system, in HR. */
export function someLeavers(office: Office, count: number, prefix = 'leaver'): readonly Leaver[] {
  const { added } = office.okta.command('add_user', { count, prefix }) as { added: string[] };
  return added.map((oktaId, index) => {
    const login = `${prefix}${index}@acme.test`;
    office.okta.command('set_user', {
      user: oktaId,
      patch: { profile: { displayName: nameOf(index), firstName: 'Leaver', employeeNumber: login } },
    });
    const all = {
      workEmail: login,
      displayName: nameOf(index),
      employeeNumber: login,
      supervisorId: null,
      endsOn: null,
    };
    const record = office.bamboohr?.command('add_employee', { employee: 'alex', patch: all }) as
      | { id: string }
      | undefined;
    return { login, oktaId, record: record?.id ?? '' };
  });
}

function nameOf(index: number): string {
  return `Leaver Number${index}`;
}

export function leaves(office: Office, { record }: Leaver): void {
  const day = office.clock.now().toISOString().slice(0, 10);
  office.bamboohr?.command('set_employee', { employee: record, patch: { status: 'Inactive', endsOn: day } });
}

export function oktaStatus(office: Office, { oktaId }: Leaver): string | undefined {
  const { users } = office.okta.state() as { users: { id: string; status: string }[] };
  return users.find((one) => one.id === oktaId)?.status;
}
