// Licences an account holds. Google lists them by product only, so each product's list is read and searched.
import { ConnectorError } from '../connector-error.ts';
import { allPages, type Caller, type Mailbox } from './caller.ts';
import { LicencePage } from './schema.ts';

/** What every company has. */
const WORKSPACE = 'Google-Apps';
/** Paid for by the seat. @see https://developers.google.com/workspace/admin/licensing/v1/how-tos/products, read 2026-11 */
export const LICENCE_PRODUCTS = [
  WORKSPACE,
  'Google-Vault',
  '101005', // Cloud Identity Premium
  '101031', // Workspace for Education, paid editions
  '101033', // Voice
  '101037', // Workspace for Education, add-ons
  '101038', // AppSheet
  '101047', // Gemini
] as const;
/** With larger pages Google has left out the rest of a list and the token for it (google-api-go-client#1967). */
const PAGE_SIZE = 100;

export interface Licence {
  readonly productId: string;
  readonly skuId: string;
  readonly name: string | null;
}

export function licencesOf({ read, write }: Caller) {
  const listProduct = async (productId: string, customerId: string, subject: string) => {
    const { items } = await allPages(
      (page) =>
        read(
          { operation: 'licensing.licenseAssignments.listForProduct', subject, scope: 'apps.licensing' },
          LicencePage,
          (apis, { auth, options }) =>
            apis.licensing.licenseAssignments.listForProduct(
              { auth, productId, customerId, maxResults: PAGE_SIZE, ...page },
              options,
            ),
        ),
      (page) => page.items,
    );
    return items;
  };
  const listIfBought = async (...call: Parameters<typeof listProduct>) => {
    try {
      return await listProduct(...call);
    } catch (error) {
      if (call[0] !== WORKSPACE && isNeverBought(error)) return [];
      throw error;
    }
  };

  return {
    /** `customerId` as an account has it, such as `C00000000`. Archived User licences, which an archived account needs, are left out. */
    listLicences: async (account: Mailbox, customerId: string): Promise<Licence[]> => {
      const address = account.primaryEmail.toLowerCase();
      const found = await Promise.all(LICENCE_PRODUCTS.map((product) => listIfBought(product, customerId, account.id)));
      return found
        .flat()
        .filter((one) => one.userId.toLowerCase() === address)
        .map(({ productId, skuId, skuName }) => ({ productId, skuId, name: skuName }));
    },
    freeLicence: (account: Mailbox, { productId, skuId }: Pick<Licence, 'productId' | 'skuId'>) =>
      write(
        {
          operation: 'licensing.licenseAssignments.delete',
          subject: `${account.id}/${skuId}`,
          scope: 'apps.licensing',
        },
        (apis, { auth, options }) =>
          apis.licensing.licenseAssignments.delete({ auth, productId, skuId, userId: account.primaryEmail }, options),
      ),
  };
}

/** 400 or 403, as GAM takes them too (docs/Licenses.md there); Google does not say which products a company has. */
function isNeverBought(error: unknown): boolean {
  if (!(error instanceof ConnectorError) || error.operation === 'token') return false;
  if (error.kind === 'rate_limited') return false;
  return error.status === 400 || error.status === 403 || error.status === 404;
}
